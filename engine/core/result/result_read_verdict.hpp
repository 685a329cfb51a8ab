// Reads what report_json_verdict.cpp writes. Used by result_read.cpp. Tested in
// tests/unit/result_read_test.cpp and tests/golden.
#pragma once
#include <optional>

#include "core/result/json_node.hpp"
#include "saturn/result.hpp"

namespace saturn {

void read_verdict(const JsonNode& node, std::optional<Verdict>& out);
void read_dead(const JsonNode& node, std::optional<DeadTime>& out);
void read_host_load(const JsonNode& node, std::optional<HostLoad>& out);

}  // namespace saturn
