// How the io_uring transport waits. A sleeper is woken late (some 40 µs in a virtual machine), which is too
// much where a request is due: in hybrid mode it sleeps until a guard before that time and then looks at the
// ring without sleeping, as long as it takes, at no system call. A sleeper saves wake-ups instead: answers
// that come while the next request is nearly due are found when that wakes it. Tested by tests/contract and
// tests/loopback; what either gains is measured by bench/peers/lag.
#include <algorithm>

#include "system/clock/system_clock.hpp"
#include "system/uring/uring_transport.hpp"

namespace saturn {
namespace {

/// What a wake-up for an answer gains within this time of the next request is nothing that is reported: its
/// arrival is stamped, and its slot is free before that request is given one.
constexpr Nanos kHoldAtMost = std::chrono::microseconds(100);
/// So many answers at once are worth waking up for: they are work that would delay the request.
constexpr unsigned kHoldTogether = 32;
/// A sleep so short that another request is due in it costs a wake-up each, so it is made this long: at
/// 50,000/s it saves 40 % of the CPU, and the lag's p99 stays below 100 µs (bench/peers/lag).
constexpr Nanos kRest = std::chrono::microseconds(30);

void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// The kernel has completions for this thread that it delivers when asked (or that did not fit the ring).
bool work_waits(const io_uring* ring) {
  const unsigned flags = __atomic_load_n(ring->sq.kflags, __ATOMIC_RELAXED);
  return (flags & (IORING_SQ_TASKRUN | IORING_SQ_CQ_OVERFLOW)) != 0;
}

}  // namespace

void UringTransport::wait(Nanos until, std::vector<Completion>& out, Nanos due) {
  if (send_check_) send_check_->read(wall_clock_);
  queue_deferred();
  const std::size_t local = std::min(local_.size(), out.capacity() - out.size());
  out.insert(out.end(), local_.begin(), local_.begin() + static_cast<std::ptrdiff_t>(local));
  local_.erase(local_.begin(), local_.begin() + static_cast<std::ptrdiff_t>(local));
  const Nanos awake_at = due == Nanos::max() ? due : due - guard_.guard();
  if (local > 0)
    io_uring_submit_and_get_events(ring_->get());
  else if (mode_ == WaitMode::spin)
    watch_until(until, Nanos(0));
  else if (mode_ == WaitMode::hybrid && awake_at < until)
    watch_until(until, awake_at);
  else
    sleep_until(until, mode_ == WaitMode::sleep ? due : Nanos::max());
  ++tally_.waits;
  reap(out);
}

/// Whether answers may lie until a sleep of `left` ends: soon, for a request that a slot is free for. Where
/// they fill buffers the target waits until they are read, and without stamps the time of looking is their
/// time.
bool UringTransport::holds(Nanos left, Nanos until, Nanos due) const {
  return answers_may_wait_ && stamped_ && !reads_much_ && due <= until && left <= kHoldAtMost;
}

/// Hands over what is queued and sleeps until there is a completion worth it or `until` has come.
void UringTransport::sleep_until(Nanos until, Nanos due) {
  io_uring* ring = ring_->get();
  Nanos left = until == Nanos::max() ? until : until - monotonic_now();
  if (left.count() <= 0) {
    io_uring_submit_and_get_events(ring);
  } else if (until == Nanos::max()) {
    io_uring_submit_and_wait(ring, 1);
  } else {
    const bool held = holds(left, until, due);
    if (held) left = std::max(left, kRest);
    __kernel_timespec ts{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    io_uring_cqe* cqe = nullptr;
    const unsigned worth_it = held ? io_uring_cq_ready(ring) + kHoldTogether : 1;
    io_uring_submit_and_wait_timeout(ring, &cqe, worth_it, &ts, nullptr);
  }
}

/// The same, but not asleep after `awake_at`: from then on it looks at ring and clock in turn.
void UringTransport::watch_until(Nanos until, Nanos awake_at) {
  io_uring* ring = ring_->get();
  if (io_uring_sq_ready(ring) > 0) io_uring_submit_and_get_events(ring);
  Nanos now = monotonic_now();
  while (now < awake_at && io_uring_cq_ready(ring) == 0) {
    sleep_until(awake_at);
    now = monotonic_now();
    if (now >= awake_at && io_uring_cq_ready(ring) == 0) guard_.woke(now - awake_at, now);
  }
  const Nanos began = now;
  for (;;) {
    // Asked for even where the ring holds completions: those of sends would otherwise keep the answers out.
    if (work_waits(ring)) io_uring_get_events(ring);
    if (io_uring_cq_ready(ring) > 0 || now >= until) break;
    relax();
    now = monotonic_now();
  }
  tally_.spun += now - began;
}

}  // namespace saturn
