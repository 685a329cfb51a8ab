// Where saturn keeps what it makes once (the Python environment, the calibration), and whether what lies
// there may be trusted: programs in it are executed. Nothing is ever kept below a predictable name in a
// temporary folder. Tested in tests/unit/study_cache_folder_test.cpp.
#pragma once
#include <sys/stat.h>
#include <sys/types.h>

#include <filesystem>
#include <optional>

#include "saturn/error.hpp"

namespace saturn::study {

struct CacheVariables {  ///< as getenv gives them
  const char *cache_home = nullptr, *home = nullptr, *runtime_dir = nullptr;
};

/// The first that is set and absolute: ${XDG_CACHE_HOME}/saturn, ${HOME}/.cache/saturn,
/// ${XDG_RUNTIME_DIR}/saturn; /var/cache/saturn for root; else an error that says what to set. Pure.
Result<std::filesystem::path> choose_cache_folder(const CacheVariables& variables, uid_t user);
Result<std::filesystem::path> cache_folder();  ///< of this process; nothing is made

/// Why `user` must not trust what the stat is of: another owner than `user` or root, or others may write.
/// nullopt: may be trusted. Pure.
std::optional<Error> distrust(const std::filesystem::path& path, const struct stat& found, uid_t user);

/// The same of a file or folder on disk, and of a folder's parents: nobody else may put another in its place.
std::optional<Error> distrust(const std::filesystem::path& path);

/// Makes the folder where it is missing, open to its owner only, and looks whether it may be trusted.
std::optional<Error> make_private_folder(const std::filesystem::path& folder);

}  // namespace saturn::study
