#include "core/transport/sim_transport.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "core/base/assert.hpp"

namespace saturn {
namespace {

constexpr Nanos kWire = std::chrono::microseconds(5), kInstant{100};

/// Bytes of the first whole request in `inbox`, or nothing yet. Enough HTTP for requests that saturn itself
/// renders.
std::optional<std::size_t> first_request(std::string_view inbox) {
  const auto head_end = inbox.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return std::nullopt;
  std::size_t size = head_end + 4;
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  const std::string_view head = inbox.substr(0, head_end + 2);
  if (const auto at = head.find(kLength); at != std::string_view::npos) {
    std::size_t body = 0;
    std::from_chars(head.data() + at + kLength.size(), head.data() + head.size(), body);
    size += body;
  }
  if (inbox.size() < size) return std::nullopt;
  return size;
}

}  // namespace

SimTransport::SimTransport(std::size_t slots, SimOptions options)
    : options_(std::move(options)), random_(options_.seed), peers_(slots) {}

void SimTransport::schedule(Nanos at, Completion completion) {
  events_.push({at, random_.next(), Event::What::completion, completion, {}});
}

void SimTransport::connect(SlotId slot, std::uint32_t generation) {
  Peer& peer = peers_[slot];
  SATURN_ASSERT(!peer.open);
  peer = Peer{};
  peer.generation = generation;
  Completion done{Completion::Kind::connected, slot, generation, 0, 0, kNoBuffer, {}, Nanos(0)};
  const std::uint64_t number = connections_ + 1;
  if (random_.one_in(options_.faults.refuse) || (options_.refuse && options_.refuse(number, now_))) {
    done.error = TransportErrors::kRefused;
    return schedule(now_ + kWire, done);
  }
  connections_ = number;
  peer.open = true;
  peer.connection = number;
  peer.last_active = now_ + kWire;
  schedule(now_ + kWire, done);
  if (options_.idle_close.count() > 0) {
    done.kind = Completion::Kind::ended;
    events_.push({peer.last_active + options_.idle_close, random_.next(), Event::What::idle_check, done, {}});
  }
}

void SimTransport::send(SlotId slot, std::span<const char> bytes) {
  sends_.push_back({slot, peers_[slot].generation, bytes});
}

void SimTransport::discard(SlotId slot, std::uint32_t max_bytes) {
  Peer& peer = peers_[slot];
  peer.discard = max_bytes;
  peer.discards_late = max_bytes > 0 && random_.one_in(options_.faults.late_discard);
}

/// How many of a piece's bytes are not received.
std::uint32_t SimTransport::dropped_of(SlotId slot, std::size_t size) {
  Peer& peer = peers_[slot];
  const auto counted = static_cast<std::uint32_t>(std::min<std::size_t>(size, peer.discard));
  peer.discard -= counted;
  return std::exchange(peer.discards_late, false) ? 0 : counted;
}

void SimTransport::close(SlotId slot) {
  peers_[slot].open = peers_[slot].armed = false;
}

Submitted SimTransport::submit() {
  Submitted batch{now_, now_, 0};
  const std::size_t count = std::min<std::size_t>(sends_.size(), kSendsPerBatch);
  if (count == 0) return batch;
  const std::uint64_t number = tally_.batches + 1;
  const auto lost_before = [&](std::size_t k) {
    return options_.preempted ? options_.preempted(number, static_cast<std::uint32_t>(k)) : Nanos(0);
  };
  for (std::size_t i = 0; i < count; ++i) {
    const Queued& send = sends_[i];
    now_ += lost_before(i);
    if (options_.late && options_.late(number, static_cast<std::uint32_t>(i)))
      batch.late |= std::uint64_t{1} << i;
    Completion done{Completion::Kind::sent,
                    send.slot,
                    send.generation,
                    0,
                    static_cast<std::uint32_t>(send.bytes.size()),
                    kNoBuffer,
                    {},
                    Nanos(0)};
    if (const Peer& peer = peers_[send.slot]; !peer.open || peer.generation != send.generation) {
      done.error = TransportErrors::kCancelled;
      done.bytes = 0;
      batch.skipped |= std::uint64_t{1} << i;
    } else {
      now_ += kInstant;
      if (send.bytes.size() > 1 && random_.one_in(options_.faults.partial_send))
        done.bytes =
            static_cast<std::uint32_t>(random_.between(1, static_cast<std::int64_t>(send.bytes.size()) - 1));
      server_reads(send.slot, {send.bytes.data(), done.bytes});
    }
    schedule(now_ + kInstant, done);
  }
  sends_.erase(sends_.begin(), sends_.begin() + static_cast<std::ptrdiff_t>(count));
  now_ += options_.interrupted + lost_before(count);
  batch.after = now_;
  batch.count = static_cast<std::uint32_t>(count);
  ++tally_.batches;
  send_cost_.judge(batch);
  return batch;
}

void SimTransport::server_reads(SlotId slot, std::string_view bytes) {
  Peer& peer = peers_[slot];
  peer.inbox += bytes;
  peer.last_active = now_;
  for (auto size = first_request(peer.inbox); size; size = first_request(peer.inbox)) {
    const std::string request = peer.inbox.substr(0, *size);
    peer.inbox.erase(0, *size);
    const SimAnswer answer =
        options_.server({slot, peer.connection, ++peer.on_connection, ++requests_, request, now_});
    const Nanos at = now_ + answer.after + kWire;
    if (!answer.reset && random_.one_in(options_.faults.reset)) {
      end(slot, at, TransportErrors::kReset);
      continue;
    }
    if (!answer.bytes.empty()) deliver(slot, at, answer.bytes, answer.again_every);
    if (answer.close || answer.reset) end(slot, at, answer.reset ? TransportErrors::kReset : 0);
  }
}

/// Bytes arrive in order, in one piece or in several.
void SimTransport::deliver(SlotId slot, Nanos at, std::string_view bytes, Nanos again_every) {
  Peer& peer = peers_[slot];
  std::size_t from = 0;
  while (from < bytes.size()) {
    std::size_t size = std::min(bytes.size() - from, options_.largest_piece);
    if (size > 1 && random_.one_in(options_.faults.short_read))
      size = static_cast<std::size_t>(random_.between(1, static_cast<std::int64_t>(size) - 1));
    at = std::max(at, peer.last_delivery + options_.between_pieces);
    if (random_.one_in(options_.faults.buffers_short)) {
      ++tally_.buffers_short;
      at += kWire;
    }
    peer.last_delivery = at;
    Completion done{Completion::Kind::received,
                    slot,
                    peer.generation,
                    0,
                    0,
                    kNoBuffer,
                    {},
                    options_.arrival_stamps ? at : Nanos(0)};
    events_.push(
        {at, random_.next(), Event::What::data, done, std::string(bytes.substr(from, size)), again_every});
    from += size;
  }
}

void SimTransport::end(SlotId slot, Nanos at, int error) {
  Peer& peer = peers_[slot];
  at = std::max(at, peer.last_delivery + Nanos(1));
  peer.last_delivery = at;
  schedule(at, {Completion::Kind::ended, slot, peer.generation, error, 0, kNoBuffer, {}, Nanos(0)});
}

void SimTransport::happen(Event event, std::vector<Completion>& out) {
  Completion& done = event.completion;
  Peer& peer = peers_[done.slot];
  const bool alive = peer.open && peer.generation == done.generation;
  if (event.what == Event::What::idle_check) {
    if (!alive) return;
    const Nanos due = std::max(peer.last_active, peer.last_delivery) + options_.idle_close;
    if (now_ >= due) return end(done.slot, now_, 0);
    event.at = due;
    events_.push(std::move(event));
    return;
  }
  const bool of_receive = done.kind == Completion::Kind::received || done.kind == Completion::Kind::ended;
  if (of_receive && (!alive || !peer.armed)) return;
  if (done.kind == Completion::Kind::ended) peer.armed = false;
  if (event.what == Event::What::data) {
    if (event.again_every > Nanos(0)) {
      Event next = event;
      next.at += event.again_every;
      if (options_.arrival_stamps) next.completion.arrived_at = next.at;
      events_.push(std::move(next));
    }
    if (const std::uint32_t dropped = dropped_of(done.slot, event.data.size()); dropped > 0) {
      out.push_back(
          {Completion::Kind::discarded, done.slot, done.generation, 0, dropped, kNoBuffer, {}, Nanos(0)});
      event.data.erase(0, dropped);
      event.again_every = Nanos(0);
      if (!event.data.empty()) events_.push(std::move(event));  // before whatever comes later
      return;
    }
    done.buffer = next_buffer_++;
    std::string& stored = buffers_[done.buffer];
    stored = std::move(event.data);
    done.data = stored;
  }
  out.push_back(done);
}

void SimTransport::wait(Nanos until, std::vector<Completion>& out, Nanos /*due*/) {
  ++tally_.waits;
  while (out.empty()) {
    if (events_.empty() || events_.top().at > until) {
      SATURN_ASSERT(until != Nanos::max());  // nothing will ever happen again: the caller would hang
      now_ = runs_at(std::max(now_, until));
      return;
    }
    now_ = runs_at(std::max(now_, events_.top().at + options_.held_up));
    while (!events_.empty() && events_.top().at <= now_ && out.size() < out.capacity()) {
      Event event = events_.top();
      events_.pop();
      happen(std::move(event), out);
    }
  }
}

void SimTransport::keep_time() {
  const auto& steps = options_.wall_clock_set_at;
  tally_.clock_steps =
      static_cast<std::uint64_t>(std::upper_bound(steps.begin(), steps.end(), now_) - steps.begin());
}

void SimTransport::release(std::uint32_t buffer) {
  now_ += options_.handling;
  SATURN_ASSERT(buffers_.erase(buffer) == 1);
}

}  // namespace saturn
