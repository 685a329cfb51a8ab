// Rates of arrivals: when each one is due and how many fall into a time, exact for any rate and any number of
// them (no rounding adds up), and how people write them. Pure; tested in tests/unit/rate_test.cpp.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "saturn/error.hpp"
#include "saturn/plan.hpp"

namespace saturn {

/// When arrival `number` (from 0) is due, from the start of its phase; Nanos::max() beyond the end of time.
Nanos arrival_offset(const Rate& rate, std::uint64_t number);
/// How many arrivals of the whole run are due in [0, span).
std::uint64_t arrivals_within(const Rate& rate, Nanos span);

/// "1000" (a second), "50/s", "10/ms", "2.5/m", "3/7ms".
Result<Rate> parse_rate(std::string_view text, std::string_view place);
std::string format_rate(const Rate& rate);  ///< text that parse_rate reads back: "1000/s", "25/10s"

/// Connections opened before the start where the user asks for none: enough for a target that answers within
/// 10 ms, at least 10. A connection opened later makes the arrival that needs it wait.
std::uint32_t connections_at_start(const Rate& rate);
/// Of a rate, by what was written: `vus` alone is also the most in flight (the number stays), and without it
/// connections_at_start() are opened, at most `max_in_flight`.
void settle_in_flight(Scenario& scenario, bool vus_given);

}  // namespace saturn
