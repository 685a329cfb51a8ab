// TCP that paces what it sends, as the congestion control bbr does, arms a timer between segments that follow
// each other closely. On a network that spares queues; within one machine there are none, and the timers cost
// the sender's CPU and hold back large bodies. A few reads and system calls. Tested in
// tests/loopback/pacing_test.cpp.
#pragma once
#include <string>
#include <string_view>

namespace saturn {

/// The host's choice for new sockets ("cubic", "bbr"); empty where it cannot be read.
std::string congestion_control();
/// The kernel's bbr paces; its other usual choices do not.
bool paces(std::string_view congestion_control);

/// The congestion control that every kernel has and everybody may use, and that does not pace.
inline constexpr std::string_view kUnpaced = "reno";
/// Of a socket of its own. False where it was refused: it paces then, as the host says.
bool unpace(int fd);

}  // namespace saturn
