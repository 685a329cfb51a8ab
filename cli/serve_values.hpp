// The values of `saturn serve` that are made of two: a share with its delay, and a pause with its period.
// Pure; tested in tests/unit/serve_values_test.cpp.
#pragma once
#include <cstdint>
#include <string_view>

#include "saturn/error.hpp"
#include "target/server.hpp"

namespace saturn::cli {

struct SlowShare {
  std::uint32_t per_million = 0;
  Nanos delay{0};
};

/// "1%:20ms".
Result<SlowShare> read_slow_share(std::string_view text);
/// "500ms:50ms": every 500 ms a pause of 50 ms.
Result<target::Stall> read_stall(std::string_view text);

}  // namespace saturn::cli
