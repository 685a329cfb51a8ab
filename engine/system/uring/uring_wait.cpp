// How the io_uring transport waits. A sleeper is woken late (some 40 µs in a virtual machine), which is too
// much where a request is due: in hybrid mode it sleeps until a guard before that time and then looks at the
// ring without sleeping, as long as it takes, at no system call. Tested by tests/contract and tests/loopback;
// what it gains is measured by bench/peers/lag.
#include <algorithm>

#include "system/clock/system_clock.hpp"
#include "system/uring/uring_transport.hpp"

namespace saturn {
namespace {

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
    sleep_until(until);
  ++tally_.waits;
  reap(out);
}

/// Hands over what is queued and sleeps until there is a completion or `until` has come.
void UringTransport::sleep_until(Nanos until) {
  io_uring* ring = ring_->get();
  const Nanos left = until == Nanos::max() ? until : until - monotonic_now();
  if (left.count() <= 0) {
    io_uring_submit_and_get_events(ring);
  } else if (until == Nanos::max()) {
    io_uring_submit_and_wait(ring, 1);
  } else {
    __kernel_timespec ts{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    io_uring_cqe* cqe = nullptr;
    io_uring_submit_and_wait_timeout(ring, &cqe, 1, &ts, nullptr);
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
