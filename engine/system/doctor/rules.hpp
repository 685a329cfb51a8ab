// What the facts mean for a load generator, and what to do about it: facts in, findings out. Pure. Tested in
// tests/unit/doctor_rules_test.cpp on recorded facts.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "system/doctor/facts.hpp"

namespace saturn::doctor {

enum class Level : std::uint8_t {
  good,
  unknown,  ///< could not be read
  warn,     ///< costs accuracy, speed or size
  bad,      ///< saturn cannot work so
};
std::string_view to_name(Level level);

struct Finding {
  std::string name;  ///< "clock source"
  Level level = Level::good;
  std::string found;
  std::string remedy;  ///< empty: nothing is to be done
};

/// What else runs here, in words; nullopt where it is too little to matter, or unknown.
std::optional<std::string> busy_with(const Facts& facts);

/// Always the same subjects in the same order (and one for each network card).
std::vector<Finding> examine(const Facts& facts);

Level worst(const std::vector<Finding>& findings);

}  // namespace saturn::doctor
