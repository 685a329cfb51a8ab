// A blocking HTTP client for everything around a measurement: readiness, counting seeded records, reading
// back what was written. Each call opens a connection of its own, so that any worker may get it. Never used
// while something is measured. Tested in tests/unit/study_http_probe_test.cpp.
#pragma once
#include <cstdint>
#include <string>

#include "saturn/error.hpp"
#include "saturn/time.hpp"

namespace saturn::study {

struct ProbeAnswer {
  int status = 0;
  std::string body;
};

inline constexpr Nanos kProbeTimeout = std::chrono::seconds(5);
inline constexpr std::size_t kProbeBodyLimit = 16U << 20U;

/// GET of 127.0.0.1:port. Redirects are not followed.
Result<ProbeAnswer> probe(std::uint16_t port, const std::string& path, Nanos timeout = kProbeTimeout);

}  // namespace saturn::study
