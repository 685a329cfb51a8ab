// Fills a target's fresh database with records, through the target's own API and our own engine, and counts
// them afterwards. Tested in tests/cli/study_run_test.py.
#pragma once
#include <atomic>
#include <optional>

#include "saturn/error.hpp"
#include "study/study_plan.hpp"

namespace saturn::study {

/// An error says how many records are missing or why none could be made.
std::optional<Error> seed_records(const SeedRule& rule, std::uint16_t port, std::uint64_t seed,
                                  const std::atomic<bool>& stop);

/// Elements of the JSON array that GET `path` answers.
Result<std::size_t> count_records(std::uint16_t port, const std::string& path);

std::string base_url_of(std::uint16_t port);

}  // namespace saturn::study
