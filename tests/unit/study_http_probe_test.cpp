#include "study/http_probe.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "study/ports.hpp"

namespace saturn::study {
namespace {

/// Accepts one connection, reads the request's head, sends `answer` in two parts and closes.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer)
      : answer_(std::move(answer)), fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof at;
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&at), length), 0);
    EXPECT_EQ(listen(fd_, 1), 0);
    EXPECT_EQ(getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &length), 0);
    port = ntohs(at.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~OneAnswer() {
    thread_.join();
    close(fd_);
  }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  std::uint16_t port = 0;
  std::string request;

 private:
  void serve() {
    const int peer = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
    std::array<char, 4096> buffer;
    while (request.find("\r\n\r\n") == std::string::npos) {
      const auto got = recv(peer, buffer.data(), buffer.size(), 0);
      if (got <= 0) break;
      request.append(buffer.data(), static_cast<std::size_t>(got));
    }
    const auto half = answer_.size() / 2;
    send(peer, answer_.data(), half, MSG_NOSIGNAL);
    send(peer, answer_.data() + half, answer_.size() - half, MSG_NOSIGNAL);
    close(peer);
  }

  std::string answer_;
  int fd_;
  std::thread thread_;
};

TEST(HttpProbe, ReadsStatusAndBody) {
  OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
  const auto answer = probe(server.port, "/items/7");
  ASSERT_TRUE(answer) << to_text(answer.errors().front());
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->body, "hello");
  EXPECT_EQ(server.request, "GET /items/7 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port) +
                                "\r\nAccept: application/json\r\nConnection: close\r\n\r\n");
}

TEST(HttpProbe, ReadsAChunkedBody) {
  OneAnswer server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  const auto answer = probe(server.port, "/");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, "abcde");
}

TEST(HttpProbe, ARedirectIsReportedAndNotFollowed) {
  OneAnswer server("HTTP/1.1 308 Permanent Redirect\r\nLocation: /x/\r\nContent-Length: 0\r\n\r\n");
  const auto answer = probe(server.port, "/x");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 308);
}

TEST(HttpProbe, ACutAnswerIsNoAnswer) {
  OneAnswer server("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello");
  const auto answer = probe(server.port, "/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.errors().front().message, "the answer ends early");
}

TEST(HttpProbe, GarbageIsNoAnswer) {
  OneAnswer server("SSH-2.0-OpenSSH_9.2\r\n");
  const auto answer = probe(server.port, "/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.errors().front().message, "the answer is not HTTP/1.1");
}

TEST(HttpProbe, NobodyListeningIsNamed) {
  const auto port = pick_free_port();
  ASSERT_TRUE(port);
  const auto answer = probe(*port, "/hello");
  ASSERT_FALSE(answer);
  EXPECT_EQ(to_text(answer.errors().front()),
            "127.0.0.1:" + std::to_string(*port) + "/hello: Connection refused");
}

}  // namespace
}  // namespace saturn::study
