// The files a study leaves: written whole or not at all, so that a crash loses nothing that was there; logs
// and their tails. Tested in tests/unit/study_files_test.cpp.
#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "saturn/error.hpp"

namespace saturn::study {

/// Writes beside the file and renames: a reader sees the old text or the new one.
std::optional<Error> write_whole(const std::filesystem::path& path, std::string_view text);
Result<std::string> read_whole(const std::filesystem::path& path);

/// The last `lines` lines that are not blank, joined with " | ", at most `max_bytes` of them.
std::string log_tail(const std::filesystem::path& path, std::size_t lines, std::size_t max_bytes);

/// A file descriptor that closes itself.
class OwnedFd {
 public:
  explicit OwnedFd(int fd) : fd_(fd) {}
  ~OwnedFd();
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  int get() const { return fd_; }
  bool ok() const { return fd_ >= 0; }

 private:
  int fd_;
};

int open_log(const std::filesystem::path& path);  ///< appends; minus one when it cannot
int open_memory();                                ///< an anonymous file for a command's output
std::string read_memory(int fd);

}  // namespace saturn::study
