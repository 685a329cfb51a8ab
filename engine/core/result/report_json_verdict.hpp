// The verdict in a result's JSON, and what it is made from beside the figures: dead time, what else the
// machine did. Tested with golden files by tests/golden/report_test.cpp.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>

#include "saturn/result.hpp"

namespace saturn {

nlohmann::ordered_json verdict_json(const std::optional<Verdict>& verdict);
nlohmann::ordered_json dead_json(const std::optional<DeadTime>& dead);
nlohmann::ordered_json host_load_json(const std::optional<HostLoad>& load);

}  // namespace saturn
