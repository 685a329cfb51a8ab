// Where the target listens: reads HOST:PORT, binds, and says what to do when it cannot. Tested in
// tests/loopback/serve_test.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "saturn/error.hpp"

namespace saturn::target {

/// Owns a file descriptor.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept;
  ~Fd() { close(); }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void close();

 private:
  int fd_ = -1;
};

struct Listener {
  Fd socket;
  std::uint16_t port = 0;
  std::string url;  ///< "http://[::1]:8000"
};

struct HostAndPort {
  std::string host;
  std::uint16_t port = 0;
};
/// "127.0.0.1:8000", "[::1]:0", "localhost:8000".
Result<HostAndPort> parse_listen(std::string_view text);

Result<Listener> listen_on(const std::string& host, std::uint16_t port);

/// Soft limit of open files to the hard one: each connection is one.
void raise_descriptor_limit();

}  // namespace saturn::target
