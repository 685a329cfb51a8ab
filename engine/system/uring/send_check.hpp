// Asks the kernel when some sends went to the device (its software TX time stamps), and compares with when
// they are thought to have left. Of all sends one of 61 is asked for, at most one a millisecond, whichever
// connection's it is: a stamp wakes the armed receive, which then stands before others, and so no connection
// is treated unlike the rest. The option is set before the batch and taken back when the stamp was read from
// the socket's error queue, between the batches and the wait: all of it outside the two clock readings.
// Allocates at the start only. Owner: the shard's thread. Tested in tests/loopback/send_check_test.cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/clock_offset.hpp"
#include "core/stats/signed_histogram.hpp"
#include "core/transport/send_time.hpp"
#include "core/transport/transport.hpp"

namespace saturn {

class SendCheck {
 public:
  /// A prime, so that it does not keep step with batches and connections, whose numbers mostly are powers of
  /// two.
  static constexpr std::uint32_t kOneOf = 61;
  /// Asking for a stamp costs some 6 µs of the shard's time.
  static constexpr Nanos kLeastGap = std::chrono::milliseconds(1);
  /// Larger sends leave piece by piece, as the target's window lets them: they have no one time.
  static constexpr std::size_t kMostBytes = 16 << 10;
  static constexpr std::size_t kMostWaiting = 16;  ///< for their stamps
  static constexpr std::uint32_t kTries = 64;      ///< waits in which a stamp may come
  static constexpr std::uint32_t kMostGivenUp =
      16;  ///< in a row; then nothing is asked any more: there are none

  /// Whether a socket of this process takes the option, by a trial: a filter may refuse it.
  static bool granted(int family);

  SendCheck() { waiting_.reserve(kMostWaiting); }

  void put_into(SignedHistogram* errors) { errors_ = errors; }

  /// Send k of the batch being made, right before it is handed over.
  void prepare(SlotId slot, int fd, std::size_t bytes, std::uint32_t k) {
    if (++since_asked_ >= kOneOf && bytes > 0 && bytes <= kMostBytes) ask(slot, fd, bytes, k);
  }
  void submitted(const Submitted& batch);
  void closed(SlotId slot);

  /// Reads what stamps there are.
  void read(const ClockOffset& wall_clock);

 private:
  struct Send {
    SlotId slot = 0;
    int fd = -1;  ///< below zero: closed since
    std::uint32_t last_byte = 0;
    std::uint32_t k = 0;  ///< in its batch
    std::uint32_t tries = 0;
    Nanos handed_over{0};
    std::optional<Nanos> left_at{};  ///< nullopt: nobody knows, it was inexact
  };
  void ask(SlotId slot, int fd, std::size_t bytes, std::uint32_t k);
  bool read(const Send& send, const ClockOffset& wall_clock);

  std::uint32_t since_asked_ = kOneOf - 1;  ///< sends; the first is asked for
  Nanos now_{0}, next_at_{0};               ///< the end of the batch before; no stamp is asked for until then
  std::uint32_t given_up_ = 0;
  std::size_t unsent_ = 0;  ///< of those waiting, the last: of the batch being made
  std::vector<Send> waiting_;
  SignedHistogram* errors_ = nullptr;
};

}  // namespace saturn
