// A transport without a network: every connect succeeds and every request is answered at once with one canned
// response. It shows the core's own ceiling (bench/micro/turn_bench.cpp). One answer a request: the number of
// requests in a send is its bytes ÷ request size.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/assert.hpp"
#include "core/transport/transport.hpp"

namespace saturn {

class NullTransport {
 public:
  static constexpr Nanos kAnswersAfter{3'000};  ///< a batch: sooner is not believed

  /// `request_bytes`: size of one request (static requests only); `pipeline` answers fit into one buffer.
  NullTransport(std::size_t slots, std::string_view response, std::size_t request_bytes,
                std::size_t pipeline = 1)
      : response_bytes_(response.size()), request_bytes_(request_bytes), generation_(slots, 0) {
    for (std::size_t i = 0; i < pipeline; ++i) answers_ += response;
    ready_.reserve(slots * 4 + 4);
    queued_.reserve(slots + 1);
  }

  void connect(SlotId slot, std::uint32_t generation) {
    generation_[slot] = generation;
    ready_.push_back({Completion::Kind::connected, slot, generation, 0, 0, kNoBuffer, {}, Nanos(0)});
  }
  void send(SlotId slot, std::span<const char> bytes) {
    queued_.push_back({slot, static_cast<std::uint32_t>(bytes.size())});
  }
  void arm_receive(SlotId) {}
  void discard(SlotId, std::uint32_t) {}
  void close(SlotId slot) { generation_[slot] = UINT32_MAX; }

  Submitted submit() {
    const std::size_t end = std::min<std::size_t>(queued_.size(), queued_head_ + kSendsPerBatch);
    const auto count = static_cast<std::uint32_t>(end - queued_head_);
    const Submitted batch{clock_, clock_ + Nanos(count), count};
    clock_ = batch.after + (count > 0 ? kAnswersAfter : Nanos(0));
    for (; queued_head_ < end; ++queued_head_) {
      const Queued& send = queued_[queued_head_];
      const std::uint32_t generation = generation_[send.slot];
      const std::size_t answers = send.bytes / request_bytes_ * response_bytes_;
      ready_.push_back(
          {Completion::Kind::sent, send.slot, generation, 0, send.bytes, kNoBuffer, {}, Nanos(0)});
      ready_.push_back({Completion::Kind::received, send.slot, generation, 0, 0, kNoBuffer,
                        std::span(answers_).first(answers), clock_});
    }
    if (count > 0) {
      ++tally_.batches;
    } else {
      queued_.clear();
      queued_head_ = 0;
    }
    return batch;
  }
  void set_wait(WaitMode, bool = false) {}
  void wait(Nanos until, std::vector<Completion>& out, Nanos = Nanos::max()) {
    ++tally_.waits;
    if (ready_.empty() && until > clock_ && until != Nanos::max()) clock_ = until;
    while (next_ < ready_.size() && out.size() < out.capacity()) out.push_back(ready_[next_++]);
    if (next_ * 2 >= ready_.size()) {
      ready_.erase(ready_.begin(), ready_.begin() + static_cast<std::ptrdiff_t>(next_));
      next_ = 0;
    }
    clock_ += Nanos(1);
  }
  void release(std::uint32_t) {}
  void keep_time() {}
  void check_sends(SignedHistogram*) {}
  const TransportTally& tally() const { return tally_; }

  /// Its own time, so that the benchmark measures the core and not clock_gettime.
  Nanos now() const { return clock_; }

 private:
  struct Queued {
    SlotId slot;
    std::uint32_t bytes;
  };
  std::string answers_;
  std::size_t response_bytes_, request_bytes_, next_ = 0;
  std::vector<std::uint32_t> generation_;
  std::vector<Completion> ready_;
  std::vector<Queued> queued_;
  std::size_t queued_head_ = 0;
  TransportTally tally_;
  Nanos clock_{1};
};

}  // namespace saturn
