// A blocking client for tests of the target: sends bytes as they are, and tells how the connection ended.
// Every read is bounded in time, so that a test fails rather than hangs.
#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace saturn::test {

inline std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

inline std::string with_body(const std::string& method, const std::string& path, const std::string& body) {
  return method + ' ' + path + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}

class RawClient {
 public:
  enum class End { open, closed, reset, timed_out };

  explicit RawClient(std::uint16_t port, std::uint32_t host = INADDR_LOOPBACK)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{10, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(host);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) close();
  }
  ~RawClient() { close(); }
  RawClient(RawClient&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), received_(std::move(other.received_)) {}
  RawClient& operator=(RawClient&&) = delete;

  bool connected() const { return fd_ >= 0; }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  bool say(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// No more requests; answers may still come.
  void end_sending() { ::shutdown(fd_, SHUT_WR); }

  /// One whole answer that has a Content-Length or no body; empty when the connection ended before.
  std::string answer() {
    for (;;) {
      const std::size_t size = answer_size();
      if (size != 0 && received_.size() >= size) {
        std::string first = received_.substr(0, size);
        received_.erase(0, size);
        return first;
      }
      if (read_some() != End::open) return "";
    }
  }
  /// The body of the answer to one request.
  std::string ask(const std::string& request) {
    if (!say(request)) return "";
    const std::string whole = answer();
    return whole.empty() ? "" : whole.substr(whole.find("\r\n\r\n") + 4);
  }
  /// Everything until the connection ends.
  std::string rest(End& end) {
    do {
      end = read_some();
    } while (end == End::open);
    return std::exchange(received_, "");
  }

 private:
  std::size_t answer_size() const {
    const std::size_t head_end = received_.find("\r\n\r\n");
    if (head_end == std::string::npos) return 0;
    constexpr std::string_view name = "\r\nContent-Length: ";
    const std::size_t at = received_.find(name);
    if (at >= head_end) return head_end + 4;
    return head_end + 4 + static_cast<std::size_t>(std::atoll(received_.c_str() + at + name.size()));
  }
  End read_some() {
    char bytes[65536];
    const ssize_t count = ::recv(fd_, bytes, sizeof bytes, 0);
    if (count > 0) {
      received_.append(bytes, static_cast<std::size_t>(count));
      return End::open;
    }
    if (count == 0) return End::closed;
    return errno == ECONNRESET ? End::reset : End::timed_out;
  }

  int fd_;
  std::string received_;
};

}  // namespace saturn::test
