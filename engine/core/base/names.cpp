// The words that stand for enum values in JSON, help and reports.
#include "saturn/plan.hpp"
#include "saturn/result.hpp"
#include "saturn/run.hpp"

namespace saturn {

std::string_view to_name(Executor executor) {
  switch (executor) {
    case Executor::constant_vus:
      return "constant-vus";
    case Executor::per_vu_iterations:
      return "per-vu-iterations";
    case Executor::shared_iterations:
      return "shared-iterations";
    case Executor::ramping_vus:
      return "ramping-vus";
    case Executor::constant_arrival_rate:
      return "constant-arrival-rate";
    case Executor::ramping_arrival_rate:
      return "ramping-arrival-rate";
  }
  return "unknown";
}

std::string_view to_name(WaitMode mode) {
  switch (mode) {
    case WaitMode::sleep:
      return "sleep";
    case WaitMode::hybrid:
      return "hybrid";
    case WaitMode::spin:
      return "spin";
  }
  return "unknown";
}

std::string_view to_name(Failure failure) {
  static constexpr std::string_view names[kFailureKinds] = {
      "connect_refused", "connect_timeout", "connect_error", "tls",       "response_timeout",
      "reset",           "closed_early",    "malformed",     "too_large", "send_error"};
  return names[static_cast<std::size_t>(failure)];
}

std::string_view to_name(LimitedBy limit) {
  switch (limit) {
    case LimitedBy::target:
      return "target";
    case LimitedBy::generator:
      return "generator";
    case LimitedBy::network:
      return "network";
    case LimitedBy::load:
      return "load";
    case LimitedBy::unknown:
      break;
  }
  return "unknown";
}

std::string_view to_name(Severity severity) {
  switch (severity) {
    case Severity::ok:
      return "ok";
    case Severity::warning:
      return "warning";
    case Severity::failure:
      break;
  }
  return "failure";
}

}  // namespace saturn
