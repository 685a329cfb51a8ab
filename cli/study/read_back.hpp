// Did the writes happen? After a run, a sample of what its PUT and DELETE requests should have changed is
// read back, and all records are counted: a server that answers quickly and changes nothing is found out.
// Requests are pure functions of seed and number, so they are rendered again instead of being kept. Covers
// scenarios of one step with a fixed number of iterations. Tested in tests/unit/study_read_back_test.cpp and
// tests/cli/study_run_test.py.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan/program.hpp"
#include "saturn/result.hpp"
#include "study/study_plan.hpp"

namespace saturn::study {

struct Expectations {
  /// Path → bodies that were sent to it: one of them is what must be there (the order of arrival is not
  /// known).
  std::map<std::string, std::vector<std::string>> written;
  std::set<std::string> deleted;
};

/// What one scenario's requests leave behind. Pure.
Expectations expectations_of(const Step& step, const ScenarioProgram& scenario, std::uint64_t seed);

/// Every member of the JSON object `sent` is in `answer` with the same value (numbers by value). Pure.
bool holds(std::string_view answer, std::string_view sent);

/// Scenario → what is wrong with it; empty when all is as it should be. `seeded`: records before the run.
std::map<std::string, std::string> read_back(const Plan& plan, std::uint64_t seed, const RunResult& result,
                                             const SeedRule& rule, unsigned sample, std::uint16_t port);

}  // namespace saturn::study
