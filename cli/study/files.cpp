#include "study/files.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <vector>

namespace saturn::study {
namespace {

namespace fs = std::filesystem;

Error file_error(const fs::path& path, const char* what) {
  return {path.string(), std::string(what) + ": " + std::strerror(errno), "", ErrorKind::setup};
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto written = write(fd, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

OwnedFd::~OwnedFd() {
  if (fd_ >= 0) close(fd_);
}

std::optional<Error> write_whole(const fs::path& path, std::string_view text) {
  const fs::path draft = path.string() + ".part";
  const OwnedFd file(open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
  if (!file.ok()) return file_error(draft, "cannot be written");
  if (!write_all(file.get(), text) || fsync(file.get()) != 0 || rename(draft.c_str(), path.c_str()) != 0) {
    const Error error = file_error(path, "cannot be written");
    unlink(draft.c_str());
    return error;
  }
  return std::nullopt;
}

Result<std::string> read_whole(const fs::path& path) {
  const OwnedFd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char buffer[65536];
  ssize_t got = file.ok() ? 1 : -1;
  while (got > 0 || (got < 0 && file.ok() && errno == EINTR)) {
    got = read(file.get(), buffer, sizeof buffer);
    if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
  }
  if (got < 0) return file_error(path, "cannot be read");
  return text;
}

std::string log_tail(const fs::path& path, std::size_t lines, std::size_t max_bytes) {
  std::ifstream in(path);
  std::vector<std::string> kept;
  for (std::string line; std::getline(in, line);) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    kept.push_back(line);
    if (kept.size() > lines) kept.erase(kept.begin());
  }
  std::string tail;
  for (const auto& line : kept) tail += (tail.empty() ? "" : " | ") + line;
  if (tail.size() > max_bytes) tail = "…" + tail.substr(tail.size() - max_bytes);
  return tail;
}

int open_log(const fs::path& path) {
  return open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

int open_memory() {
  return memfd_create("saturn-output", MFD_CLOEXEC);
}

std::string read_memory(int fd) {
  std::string text;
  char buffer[4096];
  off_t offset = 0;
  for (ssize_t got; (got = pread(fd, buffer, sizeof buffer, offset)) > 0; offset += got)
    text.append(buffer, static_cast<std::size_t>(got));
  return text;
}

}  // namespace saturn::study
