// Loopback ports of targets. A stranger that listens where a target should would answer for it with plausible
// numbers (it happened), so a port is bind-tested right before the start and its listener must be one of the
// target's own processes. Tested in tests/unit/study_ports_test.cpp.
#pragma once
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "saturn/error.hpp"

namespace saturn::study {

Result<std::uint16_t> pick_free_port();

/// An error when somebody listens on or holds 127.0.0.1:port.
std::optional<Error> refuse_taken_port(std::uint16_t port);

enum class Listener { none, ours, stranger };
/// Who accepts connections to 127.0.0.1:port: one of `processes`, or somebody else.
Listener listener_of(std::uint16_t port, const std::vector<pid_t>& processes);

}  // namespace saturn::study
