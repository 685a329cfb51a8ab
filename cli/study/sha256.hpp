// SHA-256 of texts and of a target's own files, so that a result names exactly what it measured. The one door
// to libcrypto. Tested in tests/unit/study_sha256_test.cpp.
#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "study/study_plan.hpp"

namespace saturn::study {

std::string sha256(std::string_view bytes);  ///< 64 hexadecimal digits, lower case

/// SHA-256 over the lines "DIGEST  NAME" of the files, sorted by name: what
/// `sha256sum NAMES | sha256sum` prints. nullopt: there are none, or one cannot be read.
std::optional<Fingerprint> fingerprint(const std::map<std::string, std::filesystem::path>& files);

/// Every regular file below `folder`, named as `find .` does ("./app/main.py"); __pycache__ and names that
/// begin with a dot are left out. Empty where there are more than 10,000.
std::map<std::string, std::filesystem::path> files_below(const std::filesystem::path& folder);

/// What a target consists of: the files of the folder it starts in, where the study gives it one of its own;
/// else the files that the words of its command name. `program`: this saturn, for {{saturn}}.
std::optional<Fingerprint> application_of(const TargetPlan& target, const std::filesystem::path& study_folder,
                                          const std::filesystem::path& program);

}  // namespace saturn::study
