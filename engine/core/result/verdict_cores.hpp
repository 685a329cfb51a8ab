// The verdict's rule about hyper-threads: who shared a physical core with the target or with another shard.
// Pure. Tested in tests/unit/verdict_target_rules_test.cpp.
#pragma once
#include <optional>

#include "core/result/verdict.hpp"

namespace saturn::verdict {

/// Two threads of a physical core share what it can do: each runs at little more than half of its speed.
std::optional<Finding> shared_core_threads(const VerdictCase& c);

}  // namespace saturn::verdict
