// Limits of a plan, checked by validate() and printed in its messages. One place, so that nothing in the
// engine has to ask whether a number is sane. Tested through plan_validate_test.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "saturn/time.hpp"

namespace saturn::limits {

inline constexpr std::size_t kScenarios = 1000;
inline constexpr std::size_t kSteps = 1000;    ///< of a flow
inline constexpr std::size_t kHeaders = 200;   ///< of a step
inline constexpr std::size_t kNameBytes = 200; /* of a scenario or step */
inline constexpr std::size_t kMethodBytes = 32;
inline constexpr std::size_t kHeadBytes = 256 * 1024;        ///< request line and headers of a step
inline constexpr std::size_t kBodyBytes = 16 * 1024 * 1024;  ///< of a request
inline constexpr std::uint32_t kVus = 1'000'000;
inline constexpr std::uint32_t kInFlight = 10'000;               ///< of a rate, where the user sets no limit
inline constexpr std::uint64_t kBacklog = 10'000'000;            ///< arrivals that may wait
inline constexpr std::uint64_t kArrivals = 10'000'000;           ///< a second
inline constexpr Nanos kBacklogTime = std::chrono::seconds(10);  ///< of arrivals may wait by default
inline constexpr std::uint32_t kPipeline = 1024;
inline constexpr std::uint64_t kIterations = 1'000'000'000'000'000;  ///< over all VUs
inline constexpr std::uint32_t kMinHeadBytes = 256;                  ///< of `max_head`
inline constexpr std::uint32_t kMaxHeadBytes = 16 * 1024 * 1024;
inline constexpr Nanos kTime = std::chrono::hours(1000);
/// Bytes of an answer gathered for json_equals_request: 4 KiB and 16 × the request's body, at most this.
inline constexpr std::size_t kGatheredBytes = 1024 * 1024;

}  // namespace saturn::limits
