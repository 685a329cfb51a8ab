// A network and a server in virtual time, from one seed: short reads, partial sends, resets, refused
// connects, buffers running short, completions of different slots in any order. A whole run in it takes no
// real time and is the same each time. It is its own clock. Tested by tests/contract (with io_uring); used by
// tests/sim.
#pragma once
#include <functional>
#include <map>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/prng.hpp"
#include "core/transport/send_cost.hpp"
#include "core/transport/transport.hpp"

namespace saturn {

struct SimRequest {
  SlotId slot = 0;
  std::uint64_t connection = 0;     ///< number of the connection, 1-based, over all slots
  std::uint64_t on_connection = 0;  ///< number of the request on it, 1-based
  std::uint64_t number = 0;         ///< number of the request in all, 1-based
  std::string_view bytes;           ///< head and body
  Nanos at{0};
};

struct SimAnswer {
  std::string bytes;                            ///< empty: no answer
  Nanos after = std::chrono::microseconds(50);  ///< service time
  bool close = false;                           ///< the server closes after the bytes
  bool reset = false;                           ///< … with a reset
  Nanos again_every{0};  ///< the bytes come again and again, for as long as the connection is there; 0: once
};

/// Faults happen once in N (0: never), drawn from the seed.
struct SimFaults {
  std::uint64_t short_read = 0, partial_send = 0, reset = 0, refuse = 0, buffers_short = 0;
  std::uint64_t late_discard = 0;  ///< the next piece is received all the same
};

struct SimOptions {
  std::uint64_t seed = 1;
  SimFaults faults;
  std::function<SimAnswer(const SimRequest&)> server;
  std::function<bool(std::uint64_t connection, Nanos at)> refuse;  ///< more refusals than the drawn ones
  Nanos held_up{0};  ///< a busy generator looks this much later, and finds all that happened meanwhile
  Nanos stopped_at{0}, stopped_for{0};  ///< the generator does not run: it looks when that is over
  Nanos handling{0};                    ///< what a generator needs for each piece that it received
  Nanos idle_close{0};                  ///< the server closes idle connections after this; 0: never
  Nanos interrupted{0};                 ///< after each batch of sends, before the clock is read
  /// Time lost before send `k` of batch `number` (from 1), and after the last: k is their count there.
  std::function<Nanos(std::uint64_t number, std::uint32_t k)> preempted{};
  std::function<bool(std::uint64_t number, std::uint32_t k)> late{};  ///< not finished with the batch
  std::vector<Nanos> wall_clock_set_at{};                             ///< in order
  std::size_t largest_piece = SIZE_MAX;                               ///< of what is received at a time
  Nanos between_pieces{1};
  bool arrival_stamps = true;  ///< false: a kernel that does not say when bytes arrived
};

class SimTransport {
 public:
  SimTransport(std::size_t slots, SimOptions options);

  void connect(SlotId slot, std::uint32_t generation);
  void send(SlotId slot, std::span<const char> bytes);
  void arm_receive(SlotId slot) { peers_[slot].armed = true; }
  void discard(SlotId slot, std::uint32_t max_bytes);
  void close(SlotId slot);
  Submitted submit();
  void set_wait(WaitMode, bool = false) {}
  void wait(Nanos until, std::vector<Completion>& out, Nanos due = Nanos::max());
  void release(std::uint32_t buffer);
  void keep_time();
  void check_sends(SignedHistogram*) {}
  const TransportTally& tally() const { return tally_; }

  // the clock
  Nanos now() const { return now_; }
  CostReading cost() const { return {}; }

  // the server's own truth
  std::uint64_t requests_seen() const { return requests_; }
  std::uint64_t connections_accepted() const { return connections_; }
  std::uint32_t generation(SlotId slot) const { return peers_[slot].generation; }
  std::size_t buffers_out() const { return buffers_.size(); }

 private:
  struct Peer {
    std::uint32_t generation = 0;
    bool open = false, armed = false;
    bool discards_late = false;
    std::uint32_t discard = 0;  ///< bytes to be dropped
    std::uint64_t connection = 0, on_connection = 0;
    std::string inbox;       ///< bytes of requests not yet whole
    Nanos last_delivery{0};  ///< bytes of one connection stay in order
    Nanos last_active{0};
  };
  struct Event {
    Nanos at{0};
    std::uint64_t order = 0;  ///< drawn: events at the same time happen in any order
    enum class What : std::uint8_t { completion, data, idle_check } what = What::completion;
    Completion completion;
    std::string data;
    Nanos again_every{0};
    bool operator>(const Event& other) const { return at != other.at ? at > other.at : order > other.order; }
  };
  struct Queued {
    SlotId slot;
    std::uint32_t generation;
    std::span<const char> bytes;
  };

  void schedule(Nanos at, Completion completion);
  Nanos runs_at(Nanos at) const {
    const Nanos end = options_.stopped_at + options_.stopped_for;
    return at >= options_.stopped_at && at < end ? end : at;
  }
  void deliver(SlotId slot, Nanos at, std::string_view bytes, Nanos again_every);
  void end(SlotId slot, Nanos at, int error);
  void server_reads(SlotId slot, std::string_view bytes);
  void happen(Event event, std::vector<Completion>& out);
  std::uint32_t dropped_of(SlotId slot, std::size_t size);

  SimOptions options_;
  Prng random_;
  std::vector<Peer> peers_;
  std::vector<Queued> sends_;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
  std::map<std::uint32_t, std::string> buffers_;
  std::uint32_t next_buffer_ = 0;
  std::uint64_t requests_ = 0, connections_ = 0;
  Nanos now_ = std::chrono::seconds(1);
  SendCost send_cost_;
  TransportTally tally_;
};

}  // namespace saturn
