// Which rate to try next when the highest one that a target sustains is looked for: doubling until one is
// missed, then halving the gap (by ratio), then the miss once more, if it was seen once only, and the highest
// rate that held some times more. Rates and outcomes in, the next rate out: no clock, no load. One owner.
// Tested against simulated targets in tests/unit/rate_search_test.cpp.
#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "saturn/plan.hpp"

namespace saturn {

class RateSearch {
 public:
  struct Options {
    double start = 100;
    double lowest = 1;        ///< where this one is missed, nothing is sustained
    double highest = 1e7;     ///< none above it is tried
    double precision = 0.02;  ///< the rate found and one that was missed are no further apart
    unsigned confirmations = 2;
    std::size_t most_tries = 30;
  };
  enum class Stage : std::uint8_t {
    grow,     ///< twice the last one that held (after a doubtful miss in smaller steps)
    shrink,   ///< half of the last one that was missed: none has held yet
    narrow,   ///< between one that held and one that was missed
    doubt,    ///< a miss that was seen once: was it the machine?
    confirm,  ///< the highest that held, again
    done,
  };

  explicit RateSearch(const Options& options);

  Stage stage() const { return stage_; }
  double rate() const { return rate_; }  ///< to try now; of the last try when done
  /// Whether the rate was sustained.
  void tell(bool held);

  std::optional<double> best() const { return low_; }     ///< the highest rate that held
  std::optional<double> missed() const { return high_; }  ///< the lowest that was missed above it
  bool confirmed() const { return low_ && confirmed_ >= options_.confirmations; }

 private:
  struct Seen {
    unsigned held = 0, missed = 0;
  };
  void decide();
  void try_next(Stage stage, double rate);
  void lower_from(double missed);
  bool near() const;

  Options options_;
  Stage stage_ = Stage::grow;
  double rate_;
  double factor_ = 2;
  std::optional<double> low_, high_;
  unsigned confirmed_ = 0;
  std::size_t tries_ = 0;
  std::map<double, Seen> seen_;
};

std::string_view to_name(RateSearch::Stage stage);  ///< "grow"

/// Five significant digits, so that a rate can be read and typed.
double rounded_rate(double per_second);
/// Of a rounded rate, exact.
Rate to_rate(double per_second);

}  // namespace saturn
