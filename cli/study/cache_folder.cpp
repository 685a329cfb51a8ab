#include "study/cache_folder.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>

namespace saturn::study {
namespace {

namespace fs = std::filesystem;
constexpr const char* kElsewhere = "set XDG_CACHE_HOME to a folder of your own";

bool usable(const char* variable) {
  return variable != nullptr && *variable == '/';
}

Error cannot(const fs::path& path, const std::string& why, const std::string& remedy) {
  return {path.string(), why, remedy, ErrorKind::setup};
}

/// A folder that anyone may write to, without the sticky bit that keeps its entries their owners'.
bool open_to_all(const fs::path& folder) {
  struct stat found {};
  return stat(folder.c_str(), &found) == 0 && (found.st_mode & S_IWOTH) != 0 &&
         (found.st_mode & S_ISVTX) == 0;
}

}  // namespace

Result<fs::path> choose_cache_folder(const CacheVariables& variables, uid_t user) {
  if (usable(variables.cache_home)) return fs::path(variables.cache_home) / "saturn";
  if (usable(variables.home)) return fs::path(variables.home) / ".cache" / "saturn";
  if (usable(variables.runtime_dir)) return fs::path(variables.runtime_dir) / "saturn";
  if (user == 0) return fs::path("/var/cache/saturn");
  return Error{
      "HOME",
      "is not set, and neither is XDG_CACHE_HOME: there is no folder to keep files in for the next time",
      "set HOME, or XDG_CACHE_HOME to a folder of your own", ErrorKind::setup};
}

Result<fs::path> cache_folder() {
  return choose_cache_folder(
      {std::getenv("XDG_CACHE_HOME"), std::getenv("HOME"), std::getenv("XDG_RUNTIME_DIR")}, geteuid());
}

std::optional<Error> distrust(const fs::path& path, const struct stat& found, uid_t user) {
  if (found.st_uid != user && found.st_uid != 0)
    return cannot(path,
                  "belongs to user " + std::to_string(found.st_uid) + ", not to user " +
                      std::to_string(user) + " who runs this, so what it holds is not used",
                  kElsewhere);
  if (!S_ISLNK(found.st_mode) && (found.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return cannot(path, "may be written by others than its owner, so what it holds is not used",
                  "look at what is in it, then: chmod go-w " + path.string());
  return std::nullopt;
}

std::optional<Error> distrust(const fs::path& path) {
  struct stat itself {
  }, behind{};
  if (lstat(path.c_str(), &itself) != 0 || stat(path.c_str(), &behind) != 0)
    return cannot(path, std::string("cannot be looked at: ") + std::strerror(errno), kElsewhere);
  if (auto error = distrust(path, itself, geteuid())) return error;
  if (auto error = distrust(path, behind, geteuid())) return error;
  for (fs::path above = path.parent_path();; above = above.parent_path()) {
    if (open_to_all(above))
      return cannot(above, "may be written by everyone, so what lies below it is not used",
                    std::string("as its owner: chmod o-w ") + above.string() + ", or " + kElsewhere);
    if (above == above.parent_path()) return std::nullopt;
  }
}

std::optional<Error> make_private_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder.parent_path(), error);
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    return cannot(folder, std::string("cannot be made: ") + std::strerror(errno),
                  "set XDG_CACHE_HOME to a folder that can be written");
  if (!fs::is_directory(folder, error))
    return cannot(folder, "is no folder", "set XDG_CACHE_HOME to a folder that can be written");
  return distrust(folder);
}

}  // namespace saturn::study
