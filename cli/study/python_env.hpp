// The Python environment of the targets: made once from pinned requirements under the user's cache folder
// (cache_folder.hpp), keyed by their text and the Python that made it, and used again by every later study.
// Nothing in it is executed before its owner and mode were looked at. Python 3.11 is what
// the study names; a newer 3.x does with a warning. Tested in tests/cli/study_refusal_test.py with fake
// interpreters.
#pragma once
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "saturn/error.hpp"

namespace saturn::study {

struct PythonEnv {
  std::filesystem::path root;                   ///< bin/ in it goes first in a target's PATH
  std::string python_version;                   ///< "3.11.7"
  std::string requirements_sha256;              ///< of the file it was made from
  std::string warning;                          ///< empty with 3.11
  std::map<std::string, std::string> packages;  ///< lower-case name → installed version
};

/// `say` gets a line for people where this takes long. What venv and pip say goes to a .log beside the
/// environment.
Result<PythonEnv> ensure_python_env(const std::filesystem::path& requirements,
                                    const std::function<void(const std::string&)>& say,
                                    const std::atomic<bool>& stop);

}  // namespace saturn::study
