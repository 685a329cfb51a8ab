// The verdict's rules about what stood still for less than a second: saturn within a batch of sends, the
// target, or the whole machine. Pure. Tested in tests/unit/verdict_stalls_test.cpp.
#pragma once
#include <optional>

#include "core/result/verdict.hpp"

namespace saturn::verdict {

/// Nobody was answered for so long that it made the latency's p99, in an open loop.
bool freeze_shows(const ScenarioResult& s);
/// … and saturn did not run in most of that time either.
bool machine_froze(const ScenarioResult& s);

std::optional<Finding> send_uncertainty(const VerdictCase& c);
std::optional<Finding> target_froze(const VerdictCase& c);

}  // namespace saturn::verdict
