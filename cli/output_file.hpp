// A result file that is whole or not there: what could go wrong is looked for before the run, the content
// goes to a file beside it that takes its name at the end. Devices and pipes are written in place. Main
// thread only. Tested in tests/unit/output_file_test.cpp and tests/cli/run_output_test.py.
#pragma once
#include <optional>
#include <string>

#include "saturn/error.hpp"

namespace saturn::cli {

class OutputFile {
 public:
  /// Finds out whether the file can be written, by making one beside it; leaves nothing behind.
  static Result<OutputFile> prepare(const std::string& path);

  /// Writes it, replacing what was there; nullopt when that worked. What was there stays when it did not.
  std::optional<Error> write(const std::string& content) const;

  const std::string& path() const { return path_; }

 private:
  OutputFile(std::string path, std::string target, bool in_place)
      : path_(std::move(path)), target_(std::move(target)), in_place_(in_place) {}
  std::string path_;    ///< as typed
  std::string target_;  ///< links followed
  bool in_place_;
};

/// Saves what could not be written where it was asked for; the name of the file, or "" when that failed too.
std::string rescue(const std::string& content);
/// The same, and tells where on standard error; where that failed too the content itself follows there.
void rescue_and_tell(const std::string& content);

}  // namespace saturn::cli
