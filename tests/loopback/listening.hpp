// A socket that listens on a loopback address, for tests that are the server themselves: who came, what was
// sent when, whether the client ended it.
#pragma once
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <string_view>

#include "system/net/resolve.hpp"

namespace saturn {

class Listening {
 public:
  /// One client's socket; closed with it.
  class Client {
   public:
    Client(int fd, std::string address) : fd_(fd), address_(std::move(address)) {
      if (fd < 0) throw std::runtime_error("nobody came");
      const timeval patience{10, 0};
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    }
    ~Client() { close(fd_); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    const std::string& address() const { return address_; }
    void send(std::string_view bytes) const {
      if (::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("cannot send");
    }
    /// Waits for the end of the client's stream, or its reset; false when nothing comes for 10 s.
    bool ended_by_client() const {
      char byte = 0;
      const ssize_t got = recv(fd_, &byte, 1, 0);
      return got == 0 || (got < 0 && errno == ECONNRESET);
    }

   private:
    int fd_;
    std::string address_;
  };

  explicit Listening(const char* host) {
    const auto found = resolve({host, 0, ""});
    if (!found) throw std::runtime_error("no such address");
    address_ = found->front();
    fd_ = socket(address_.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(fd_, reinterpret_cast<const sockaddr*>(&address_.storage), address_.length) != 0 ||
        listen(fd_, 64) != 0)
      throw std::runtime_error("cannot listen");
    address_.length = sizeof address_.storage;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address_.storage), &address_.length);
  }
  ~Listening() { close(fd_); }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;

  const SocketAddress& address() const { return address_; }
  Client next_client() const {
    SocketAddress from;
    from.length = sizeof from.storage;
    const int fd = accept(fd_, reinterpret_cast<sockaddr*>(&from.storage), &from.length);
    return {fd, fd < 0 ? "" : to_text(from)};
  }
  static std::string host_of(const Client& client) {
    return client.address().substr(0, client.address().rfind(':'));
  }

 private:
  SocketAddress address_;
  int fd_ = -1;
};

}  // namespace saturn
