// Reads what the generator and the target cost. Used by result_read.cpp. Tested in
// tests/unit/result_read_test.cpp and tests/golden.
#pragma once
#include <optional>

#include "core/result/json_node.hpp"
#include "saturn/result.hpp"

namespace saturn {

void read_generator(const JsonNode& node, GeneratorCost& g);
void read_target(const JsonNode& node, std::optional<TargetCost>& out);

}  // namespace saturn
