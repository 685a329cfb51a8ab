#include "study/http_probe.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>

#include "core/http/response_parser.hpp"

namespace saturn::study {
namespace {

using Clock = std::chrono::steady_clock;

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

/// False with errno set when the deadline passes first.
bool wait_for(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd ready{fd, events, 0};
    const int count = left > 0 ? poll(&ready, 1, static_cast<int>(left)) : 0;
    if (count > 0) return true;
    if (count == 0) errno = ETIMEDOUT;
    if (count == 0 || errno != EINTR) return false;
  }
}

bool connect_to(int fd, std::uint16_t port, Clock::time_point deadline) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return true;
  if (errno != EINPROGRESS || !wait_for(fd, POLLOUT, deadline)) return false;
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  errno = error;
  return error == 0;
}

bool send_all(int fd, std::string_view bytes, Clock::time_point deadline) {
  while (!bytes.empty()) {
    const auto sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent > 0)
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    else if ((errno != EAGAIN && errno != EINTR) || !wait_for(fd, POLLOUT, deadline))
      return false;
  }
  return true;
}

}  // namespace

Result<ProbeAnswer> probe(std::uint16_t port, const std::string& path, Nanos timeout) {
  const std::string place = "127.0.0.1:" + std::to_string(port) + path;
  const auto failed = [&](const std::string& why) { return Error{place, why, "", ErrorKind::unreachable}; };
  const auto deadline = Clock::now() + timeout;
  const Socket connection;
  const int fd = connection.fd();
  const std::string request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                              "\r\nAccept: application/json\r\nConnection: close\r\n\r\n";
  if (fd < 0 || !connect_to(fd, port, deadline) || !send_all(fd, request, deadline))
    return failed(std::strerror(errno));

  const auto body =
      std::make_unique_for_overwrite<char[]>(kProbeBodyLimit);  // pages cost nothing until written
  ResponseParser::BodySink sink{body.get(), kProbeBodyLimit, 0};
  ResponseParser parser;
  parser.start(false, &sink);
  std::array<char, 16384> buffer;
  auto outcome = ResponseParser::Outcome::need_more;
  while (outcome == ResponseParser::Outcome::need_more) {
    if (!wait_for(fd, POLLIN, deadline)) return failed(std::strerror(errno));
    const auto received = recv(fd, buffer.data(), buffer.size(), 0);
    if (received < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (received < 0) return failed(std::strerror(errno));
    if (received == 0) {
      outcome = parser.end_of_stream();
      break;
    }
    outcome = parser.feed(std::span(buffer.data(), static_cast<std::size_t>(received))).outcome;
  }
  if (outcome == ResponseParser::Outcome::need_more) return failed("the answer ends early");
  if (outcome != ResponseParser::Outcome::complete) return failed("the answer is not HTTP/1.1");
  if (sink.size > sink.capacity) return failed("the answer's body is larger than 16 MiB");
  return ProbeAnswer{parser.head().status, std::string(body.get(), sink.size)};
}

}  // namespace saturn::study
