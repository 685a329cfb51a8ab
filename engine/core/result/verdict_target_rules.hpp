// The verdict's rules about what the target used, and what it shares with saturn. Pure. Tested in
// tests/unit/verdict_target_rules_test.cpp.
#pragma once
#include <optional>

#include "core/result/verdict.hpp"

namespace saturn::verdict {

using Found = std::optional<Finding>;

Found target_steal(const VerdictCase& c);
Found shared_cores(const VerdictCase& c);
Found one_worker(const VerdictCase& c);
Found target_cpu(const VerdictCase& c);
Found in_flight(const VerdictCase& c);

}  // namespace saturn::verdict
