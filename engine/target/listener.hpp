// Where the target listens: reads HOST:PORT, binds, and says what to do when it cannot. Tested in
// tests/loopback/serve_test.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "saturn/error.hpp"
#include "target/server.hpp"

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

/// "127.0.0.1:8000", "[::1]:0", "localhost:8000".
Result<HostAndPort> parse_listen(std::string_view text);

/// `shared`: with SO_REUSEPORT, so that several processes of ours listen there, each with a socket of its
/// own.
Result<Listener> listen_on(const std::string& host, std::uint16_t port, bool shared = false);
/// All addresses of the options, for each of `processes` a set of its own. Where there are several, nobody
/// else may be listening there already, sharing or not.
Result<std::vector<std::vector<Listener>>> listen_on_all(const Options& options, std::size_t processes);

/// Each connection is a descriptor: raises the soft limit to the hard one, and lets the kernel's table of
/// them grow now. With threads each step of growing waits for all cores, while the queue of those who connect
/// overflows.
void prepare_descriptors();

}  // namespace saturn::target
