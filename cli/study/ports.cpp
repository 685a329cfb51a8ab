#include "study/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace saturn::study {
namespace {

namespace fs = std::filesystem;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

/// Binds and listens once; the number of the port, or minus the errno. SO_REUSEADDR as servers set it:
/// connections in TIME_WAIT don't count, listeners do.
int try_listen(std::uint16_t port) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -errno;
  const int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address = loopback(port);
  socklen_t length = sizeof address;
  int result = 0;
  if (bind(fd, reinterpret_cast<sockaddr*>(&address), length) != 0 || listen(fd, 1) != 0 ||
      getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) != 0)
    result = -errno;
  else
    result = ntohs(address.sin_port);
  close(fd);
  return result;
}

bool answers_for_loopback(const std::string& hex_address) {
  return hex_address == "0100007F" || hex_address == "00000000" ||  // 127.0.0.1, 0.0.0.0
         hex_address == std::string(32, '0') ||                     // ::
         hex_address == "0000000000000000FFFF00000100007F";         // ::ffff:127.0.0.1
}

/// "socket:[inode]" of every socket that listens on the port (proc_net(5)).
std::set<std::string> listening_sockets(std::uint16_t port) {
  std::set<std::string> result;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream in(table);
    std::string line;
    std::getline(in, line);  // heading
    while (std::getline(in, line)) {
      std::istringstream fields(line);
      std::string slot, local, remote, state, queues, timer, retransmits, uid, timeout, inode;
      fields >> slot >> local >> remote >> state >> queues >> timer >> retransmits >> uid >> timeout >> inode;
      const auto colon = local.find(':');
      if (state != "0A" || colon == std::string::npos) continue;
      unsigned number = 0;
      std::from_chars(local.data() + colon + 1, local.data() + local.size(), number, 16);
      if (number == port && answers_for_loopback(local.substr(0, colon)))
        result.insert("socket:[" + inode + "]");
    }
  }
  return result;
}

bool holds_any(pid_t process, const std::set<std::string>& sockets) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(process) + "/fd", error)) {
    const auto target = fs::read_symlink(entry.path(), error);
    if (!error && sockets.contains(target.string())) return true;
  }
  return false;
}

}  // namespace

Result<std::uint16_t> pick_free_port() {
  const int port = try_listen(0);
  if (port > 0) return static_cast<std::uint16_t>(port);
  return Error{"127.0.0.1", std::string("no free port: ") + std::strerror(-port), "", ErrorKind::setup};
}

std::optional<Error> refuse_taken_port(std::uint16_t port) {
  const int result = try_listen(port);
  if (result > 0) return std::nullopt;
  return Error{"127.0.0.1:" + std::to_string(port),
               std::string("the target's port cannot be bound: ") + std::strerror(-result),
               "another process would answer for the target; find it with: ss -ltnp", ErrorKind::unreachable};
}

Listener listener_of(std::uint16_t port, const std::vector<pid_t>& processes) {
  const auto sockets = listening_sockets(port);
  if (sockets.empty()) return Listener::none;
  for (const pid_t process : processes)
    if (holds_any(process, sockets)) return Listener::ours;
  return Listener::stranger;
}

}  // namespace saturn::study
