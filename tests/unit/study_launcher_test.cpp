// The launcher against strangers on the port. Everything else about it is in tests/cli/study_run_test.py.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

#include "study/ports.hpp"
#include "study/process_launcher.hpp"

namespace saturn::study {
namespace {

namespace fs = std::filesystem;

/// Answers every request on a loopback port with 200, as a server that somebody forgot would.
class ForgottenServer {
 public:
  explicit ForgottenServer(std::uint16_t port) : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    setsockopt(fd_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(fd_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(listen(fd_, 16), 0);
    thread_ = std::thread([this] { serve(); });
  }
  ~ForgottenServer() {
    shutdown(fd_, SHUT_RDWR);
    thread_.join();
    close(fd_);
  }
  ForgottenServer(const ForgottenServer&) = delete;
  ForgottenServer& operator=(const ForgottenServer&) = delete;

 private:
  void serve() const {
    static constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    for (int peer = 0; (peer = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      std::array<char, 4096> request;
      if (recv(peer, request.data(), request.size(), 0) > 0)
        send(peer, kAnswer.data(), kAnswer.size(), MSG_NOSIGNAL);
      close(peer);
    }
  }

  int fd_;
  std::thread thread_;
};

class Launching : public testing::Test {
 protected:
  Launching() : folder(fs::path(testing::TempDir()) / ("saturn-launcher-" + std::to_string(getpid()))) {
    fs::create_directories(folder);
    target.name = "t";
    target.process.cwd = folder;
    ready.path = "/hello";
    ready.timeout = std::chrono::seconds(20);
    port = *pick_free_port();
  }
  ~Launching() override { fs::remove_all(folder); }

  Result<std::unique_ptr<RunningTarget>> launch() {
    return launcher.launch({target, ready, port, folder / "db", folder / "log", stop});
  }

  fs::path folder;
  TargetPlan target;
  ReadyRule ready;
  std::uint16_t port = 0;
  std::atomic<bool> stop{false};
  ProcessLauncher launcher{"/proc/self/exe"};
};

TEST_F(Launching, APortThatIsTakenIsRefusedBeforeTheStart) {
  const ForgottenServer stranger(port);
  target.process.command = {"sh", "-c", "echo started > started; exec sleep 60"};
  const auto launched = launch();
  ASSERT_FALSE(launched);
  EXPECT_EQ(launched.errors().front().message, "the target's port cannot be bound: Address already in use");
  EXPECT_FALSE(fs::exists(folder / "started"));
}

TEST_F(Launching, GoodAnswersOfAStrangerDoNotMakeATargetReady) {
  target.process.before = {"sh", "-c", "true"};
  target.process.command = {"sh", "-c", "echo started > started; exec sleep 60"};
  std::optional<ForgottenServer> stranger;  // comes between the test of the port and the target's own attempt
  std::thread late([&] {
    while (!fs::exists(folder / "started")) std::this_thread::yield();
    stranger.emplace(port);
  });
  const auto launched = launch();
  late.join();
  ASSERT_FALSE(launched);
  EXPECT_EQ(launched.errors().front().message,
            "port " + std::to_string(port) + " is answered by a process that is not the target");
}

TEST_F(Launching, StoppingEndsTheWaitForReadiness) {
  target.process.command = {"sh", "-c", "exec sleep 60"};
  stop = true;
  const auto launched = launch();
  ASSERT_FALSE(launched);
  EXPECT_EQ(launched.errors().front().message, "interrupted");
}

TEST_F(Launching, WordsAndEnvironmentAreFilledIn) {
  target.settings = {{"workers", "2", true}};
  target.process.env = {{"DATABASE", "{{database}}"}};
  target.process.before = {"sh", "-c", "echo {{port}} {{workers}} $DATABASE > said"};
  target.process.command = {"sh", "-c", "exit 3"};
  EXPECT_FALSE(launch());
  std::ifstream said(folder / "said");
  std::string text;
  std::getline(said, text);
  EXPECT_EQ(text, std::to_string(port) + " 2 " + (folder / "db").string());
}

}  // namespace
}  // namespace saturn::study
