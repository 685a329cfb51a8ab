#include "study/study_result.hpp"

namespace saturn::study {

std::string_view to_name(Metric metric) {
  return metric == Metric::rps ? "rps" : "mean_latency";
}

std::string_view unit_of(Metric metric) {
  return metric == Metric::rps ? "req/s" : "ms";
}

std::string_view to_name(Role role) {
  switch (role) {
    case Role::stack:
      return "stack";
    case Role::variant:
      return "variant";
    case Role::ceiling:
      return "ceiling";
  }
  return "";
}

}  // namespace saturn::study
