// The server's own counters and times, which tests hold the generator's against. Every thread writes cells of
// its own (one writer, no read-modify-write); a reader sums them. A reset only moves the baseline: cells are
// never written by anybody but their thread. All of it lies in memory that forked processes share, so that
// each can tell the truth of all. Tested in tests/unit/target_truth_test.cpp.
#pragma once
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "target/answer_times.hpp"
#include "target/router.hpp"
#include "target/server.hpp"
#include "target/shared_array.hpp"

namespace saturn::target {

inline constexpr int kLeastStatus = 100, kMostStatus = 599;

/// One thread's cells. Counts may be taken back (subtract): sums stay right modulo 2^64.
class alignas(64) ThreadTruth {
 public:
  enum Single : std::size_t {
    malformed,
    received,
    sent,
    accepted,
    closed,
    closed_idle,
    turned_away,
    taken,  ///< by this thread
    kSingles
  };
  static constexpr std::size_t kRequestsAt = kSingles;
  static constexpr std::size_t kResponsesAt = kRequestsAt + kEndpoints * kMethods;
  static constexpr std::size_t kCells = kResponsesAt + (kMostStatus - kLeastStatus + 1);

  static constexpr std::size_t request_cell(Endpoint endpoint, Method method) {
    return kRequestsAt + static_cast<std::size_t>(endpoint) * kMethods + static_cast<std::size_t>(method);
  }
  static constexpr std::size_t response_cell(int status) {
    return kResponsesAt + static_cast<std::size_t>(status - kLeastStatus);
  }

  /// Release, paired with read()'s acquire: who learned of an answer finds it counted.
  void add(std::size_t cell, std::uint64_t count = 1) {
    cells_[cell].store(cells_[cell].load(std::memory_order_relaxed) + count, std::memory_order_release);
  }
  void subtract(std::size_t cell, std::uint64_t count = 1) { add(cell, ~count + 1); }
  std::uint64_t read(std::size_t cell) const { return cells_[cell].load(std::memory_order_acquire); }

 private:
  std::array<std::atomic<std::uint64_t>, kCells> cells_{};
};

class Truth {
 public:
  /// `timed`: answer times too.
  explicit Truth(std::size_t threads, bool timed = false) : threads_(threads), times_(timed ? threads : 0) {}
  ThreadTruth& of_thread(std::size_t index) { return threads_[index]; }
  /// nullptr where times are not taken.
  AnswerTimes* times_of_thread(std::size_t index) { return times_.size() == 0 ? nullptr : &times_[index]; }
  Counters read() const;
  void reset();

 private:
  using Snapshot = std::array<std::uint64_t, ThreadTruth::kCells>;
  struct Baseline {
    SharedMutex mutex;  ///< readers and resets among themselves
    Snapshot cells{};
  };
  Snapshot sum() const;

  SharedArray<ThreadTruth> threads_;
  SharedArray<AnswerTimes> times_;
  mutable SharedArray<Baseline> baseline_{1};
};

std::string to_json(const Counters& counters);

}  // namespace saturn::target
