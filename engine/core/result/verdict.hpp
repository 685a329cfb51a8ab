// Whose limit the figures show: an ordered table of rules over what one scenario's result holds, each a small
// function with a name and a threshold. Figures in, plain words out; no rule looks at anything but its
// arguments. The same table, in words, is in docs/verdict.md. Pure. Tested in tests/unit/verdict_test.cpp and
// tests/unit/verdict_rules_test.cpp and verdict_target_rules_test.cpp, which hold every threshold from both
// sides.
#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "saturn/result.hpp"

namespace saturn {

struct VerdictCase {
  const ScenarioResult& scenario;
  const HostFacts& host;
  bool local = false;  ///< the target runs on this machine
};

/// What lifts a limit. It is given only where that limit is the one that was found.
struct Remedy {
  std::string text{};           ///< empty: nothing is known
  bool shared_machine = false;  ///< only other machines do, saturn and the target run on this one
};

struct Finding {
  std::optional<LimitedBy> limited_by;  ///< nullopt: a remark, which decides nothing
  bool spoils = false;                  ///< the figures are not the target's
  std::string reason;
  Remedy remedy{};
  Severity severity = Severity::ok;  ///< failure: requests failed, or nobody answered
};
/// "limited by the target", "nobody's limit is known".
std::string_view in_words(LimitedBy limit);

/// The reason with its remedy.
std::string in_full(const Finding& finding);

struct VerdictRule {
  enum class Kind : std::uint8_t {
    first,        ///< where it finds something nothing else is asked
    usual,        ///< the first that decides, decides; what agrees with it or only remarks is added
    last_resort,  ///< asked only while nothing is decided
  };
  std::string_view name;
  Kind kind;
  std::optional<Finding> (*find)(const VerdictCase&);
};

/// In the order in which they are asked.
std::span<const VerdictRule> verdict_rules();

Verdict judge(const VerdictCase& c);

/// Sets the verdict of each scenario and the worst of them as the run's. Once more, after the target's cost
/// was added, it starts anew.
void judge(RunResult& run);

}  // namespace saturn
