#include "print.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace saturn::cli {
namespace {

bool g_told_loss = false;

void tell_loss(int error) {
  if (g_told_loss) return;
  g_told_loss = true;
  const std::string why = error == 0 ? "" : std::string(": ") + std::strerror(error);
  std::fprintf(stderr, "error: standard output: cannot be written%s\n", why.c_str());
}

}  // namespace

void keep_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF)
      (void)::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);  // takes the lowest number: fd
}

bool print(std::FILE* out, std::string_view text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), out) == text.size() && std::fflush(out) == 0) return true;
  if (out == stdout) tell_loss(errno);
  return false;
}

int with_output_checked(int code, int lost) {
  errno = 0;
  const bool fine = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (fine && !g_told_loss) return code;
  tell_loss(errno);  // 0 where an earlier write failed: nobody kept its reason
  return code == 0 ? lost : code;
}

int print_errors(const Errors& errors, std::string_view command) {
  const auto any = [&](ErrorKind kind) {
    return std::any_of(errors.begin(), errors.end(), [&](const Error& error) { return error.kind == kind; });
  };
  std::string text;
  for (const auto& error : errors) {
    text += "error: ";
    if (!error.place.empty()) text += error.place + ": ";
    text += error.message;
    if (!error.remedy.empty()) text += "; " + error.remedy;
    text += '\n';
  }
  if (any(ErrorKind::usage))
    text += "see saturn " + std::string(command) + (command.empty() ? "" : " ") + "--help\n";
  std::fflush(stdout);
  std::fputs(text.c_str(), stderr);
  return any(ErrorKind::usage) || any(ErrorKind::setup) ? 1 : 2;
}

}  // namespace saturn::cli
