// Secrets out, and words in for a shell: what a command line looks like in results and in the line that says
// how to run it again. Pure; tested in tests/unit/redact_test.cpp.
#pragma once
#include <string>

#include "commands.hpp"

namespace saturn::cli {

/// "http://user:password@host/" → "http://***@host/"; the scheme may be missing.
std::string redact_url(const std::string& url);

/// Headers that carry credentials lose their value, URLs their user info. `source` is the word that is the
/// URL.
Arguments redact_words(const Arguments& words, const std::string& source);

std::string shell_quoted(const std::string& word);
std::string shell_line(const Arguments& words);
/// "run it with: saturn study FILE" with the file's name, where the text ends so.
std::string with_file(const std::string& text, const std::string& path);

}  // namespace saturn::cli
