#include "system/net/pacing.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <fstream>

namespace saturn {

std::string congestion_control() {
  std::ifstream file("/proc/sys/net/ipv4/tcp_congestion_control");
  std::string name;
  file >> name;
  return name;
}

bool paces(std::string_view congestion_control) {
  return congestion_control.starts_with("bbr");
}

bool unpace(int fd) {
  return setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, kUnpaced.data(), kUnpaced.size()) == 0;
}

}  // namespace saturn
