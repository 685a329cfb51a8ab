#include "output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

namespace saturn::cli {
namespace {

namespace fs = std::filesystem;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

bool write_all(int fd, const std::string& content) {
  std::size_t done = 0;
  while (done < content.size()) {
    const auto written = ::write(fd, content.data() + done, content.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    done += static_cast<std::size_t>(written);
  }
  return true;
}

fs::path directory_of(const std::string& target) {
  const auto parent = fs::path(target).parent_path();
  return parent.empty() ? fs::path(".") : parent;
}

/// A new file in `directory`, with the permissions that the umask leaves; its name in `name`.
Descriptor create_beside(const fs::path& directory, std::string& name) {
  for (int attempt = 0; attempt < 100; ++attempt) {
    name = (directory / (".saturn-" + std::to_string(::getpid()) + "-" + std::to_string(attempt) + ".tmp"))
               .string();
    const int fd = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return Descriptor(fd);
  }
  return Descriptor(-1);
}

Error cannot_write(const std::string& path, const std::string& why, std::string remedy) {
  return {"-o", "cannot write \"" + path + "\": " + why, std::move(remedy), ErrorKind::setup};
}

}  // namespace

Result<OutputFile> OutputFile::prepare(const std::string& path) {
  struct stat facts {};
  const bool exists = ::stat(path.c_str(), &facts) == 0;
  if (exists && S_ISDIR(facts.st_mode))
    return cannot_write(path, "it is a directory",
                        "name a file in it: -o " + (fs::path(path) / "result.json").string());
  if (exists && ::access(path.c_str(), W_OK) != 0)
    return cannot_write(path, std::strerror(errno), "choose another file");
  if (exists && !S_ISREG(facts.st_mode)) return OutputFile(path, path, true);
  std::error_code ignored;
  const auto resolved = fs::weakly_canonical(path, ignored);
  const std::string target = resolved.empty() ? path : resolved.string();
  const auto directory = directory_of(target);
  if (!fs::is_directory(directory, ignored))
    return cannot_write(path, "there is no directory " + directory.string(),
                        "make it: mkdir -p " + directory.string());
  std::string name;
  if (!create_beside(directory, name).valid())
    return cannot_write(path,
                        std::string("no new file in ") + directory.string() + ": " + std::strerror(errno),
                        "choose a directory you may write to");
  ::unlink(name.c_str());
  return OutputFile(path, target, false);
}

std::optional<Error> OutputFile::write(const std::string& content) const {
  const auto failed = [&] { return cannot_write(path_, std::strerror(errno), ""); };
  if (in_place_) {
    const Descriptor device(::open(target_.c_str(), O_WRONLY | O_CLOEXEC));
    if (!device.valid() || !write_all(device.get(), content)) return failed();
    return std::nullopt;
  }
  std::string name;
  const auto file = create_beside(directory_of(target_), name);
  if (!file.valid()) return failed();
  struct stat old {};
  if (::stat(target_.c_str(), &old) == 0) (void)::fchmod(file.get(), old.st_mode & 07777U);
  if (write_all(file.get(), content) && ::fsync(file.get()) == 0 &&
      ::rename(name.c_str(), target_.c_str()) == 0)
    return std::nullopt;
  auto error = failed();
  ::unlink(name.c_str());
  return error;
}

std::string rescue(const std::string& content) {
  const char* const set = std::getenv("TMPDIR");
  std::string name =
      std::string(set != nullptr && *set != '\0' ? set : "/tmp") + "/saturn-result-XXXXXX.json";
  const Descriptor file(::mkstemps(name.data(), 5));
  if (!file.valid()) return {};
  if (write_all(file.get(), content) && ::fsync(file.get()) == 0) return name;
  ::unlink(name.c_str());
  return {};
}

void rescue_and_tell(const std::string& content) {
  if (const auto saved = rescue(content); !saved.empty())
    std::fprintf(stderr, "the result is in %s\n", saved.c_str());
  else
    std::fprintf(stderr, "the result follows:\n%s", content.c_str());
}

}  // namespace saturn::cli
