#include "target/worker.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <string>

#include "core/base/assert.hpp"

namespace saturn::target {
namespace {

constexpr std::size_t kReadBytes = 65536;
constexpr int kEventsATurn = 256;
// epoll's user data: a slot's index, or one of these.
constexpr std::uint64_t kWakeToken = ~0ULL, kListenerToken = ~1ULL;

Nanos monotonic_now() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return std::chrono::seconds(t.tv_sec) + Nanos(t.tv_nsec);
}

bool watch(int epoll, int fd, std::uint32_t events, std::uint64_t token) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

Fd open_reserve() {
  return Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace

Worker::Worker(const Setup& setup)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      truth_(setup.truth.of_thread(setup.index)),
      service_(setup.store, setup.truth, setup.delay),
      idle_timeout_(setup.idle_timeout),
      index_(setup.index),
      buffer_(kReadBytes) {
  watch(epoll_.get(), wake_.get(), EPOLLIN, kWakeToken);
}

bool Worker::ready() {
  if (epoll_.get() < 0 || wake_.get() < 0) return false;
  epoll_event event{};
  const timespec at_once{};
  return epoll_pwait2(epoll_.get(), &event, 1, &at_once, nullptr) >= 0;
}

bool Worker::accept_from(int listener, std::vector<Worker*> workers) {
  listener_ = listener;
  workers_ = std::move(workers);
  reserve_ = open_reserve();
  return watch(epoll_.get(), listener, EPOLLIN, kListenerToken);
}

void Worker::hand_over(int socket) {
  {
    const std::lock_guard lock(inbox_mutex_);
    inbox_.emplace_back(socket);
  }
  eventfd_write(wake_.get(), 1);
}

void Worker::request_stop() {
  stop_.store(true, std::memory_order_relaxed);
  eventfd_write(wake_.get(), 1);
}

void Worker::run() {
  prctl(PR_SET_NAME, ("saturn-serve-" + std::to_string(index_)).c_str());
  prctl(PR_SET_TIMERSLACK, 1UL);  // delays end when they are due, not 50 us later
  std::array<epoll_event, kEventsATurn> events;
  while (!stop_.load(std::memory_order_relaxed)) {
    const int count = wait(events);
    now_ = monotonic_now();
    service_.set_time(std::time(nullptr));
    for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(count))) {
      if (event.data.u64 == kWakeToken) {
        on_wake();
      } else if (event.data.u64 == kListenerToken) {
        accept_all();
      } else {
        on_event(static_cast<std::uint32_t>(event.data.u64), event.events);
      }
    }
    fire_timers();
  }
  on_wake();  // what was handed over last is closed and counted too
  for (std::uint32_t index = 0; index < slots_.size(); ++index)
    if (slots_[index].socket.get() >= 0) close(index);
}

int Worker::wait(std::span<epoll_event> events) {
  timespec timeout{};
  const timespec* until = nullptr;
  if (!timers_.empty()) {
    const Nanos left = std::max(Nanos(0), timers_.top().due_at - monotonic_now());
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
    timeout = {whole.count(), (left - whole).count()};
    until = &timeout;
  }
  const int count =
      epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()), until, nullptr);
  SATURN_ASSERT(count >= 0 || errno == EINTR);
  return std::max(count, 0);
}

void Worker::on_wake() {
  eventfd_t value = 0;
  eventfd_read(wake_.get(), &value);
  std::vector<Fd> arrived;
  {
    const std::lock_guard lock(inbox_mutex_);
    arrived.swap(inbox_);
  }
  for (Fd& socket : arrived) add(std::move(socket));
}

void Worker::accept_all() {
  for (int i = 0; i < kEventsATurn; ++i) {
    Fd socket(accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0) {
      if (errno == EMFILE || errno == ENFILE) turn_away();
      return;  // nobody waits, or a client that gave up: the listener reports the next one
    }
    truth_.add(ThreadTruth::accepted);
    Worker* const worker = workers_[next_worker_];
    next_worker_ = (next_worker_ + 1) % workers_.size();
    if (worker == this) {
      add(std::move(socket));
    } else {
      worker->hand_over(socket.release());
    }
  }
}

/// No descriptor left: the reserve lets one client in to be closed at once, rather than wait for ever.
void Worker::turn_away() {
  reserve_.close();
  const Fd socket(accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC));
  if (socket.get() >= 0) truth_.add(ThreadTruth::turned_away);
  reserve_ = open_reserve();
}

void Worker::start_timer(std::uint32_t index, Kind kind, Nanos due_at) {
  timers_.push({due_at, index, slots_[index].generation, kind});
}

void Worker::fire_timers() {
  while (!timers_.empty() && timers_.top().due_at <= now_) {
    const Timer timer = timers_.top();
    timers_.pop();
    if (slots_[timer.slot].generation != timer.generation) continue;
    switch (timer.kind) {
      case Kind::release:
        slots_[timer.slot].connection.on_release();
        pump(timer.slot);
        break;
      case Kind::idle:
        on_idle_timer(timer.slot);
        break;
      case Kind::linger:
        close(timer.slot);
        break;
    }
  }
}

void Worker::on_idle_timer(std::uint32_t index) {
  Slot& slot = slots_[index];
  const Nanos due_at = slot.last_active_at + idle_timeout_;
  if (!slot.connection.is_idle()) {
    start_timer(index, Kind::idle, now_ + idle_timeout_);
  } else if (due_at > now_) {
    start_timer(index, Kind::idle, due_at);
  } else {
    truth_.add(ThreadTruth::closed_idle);
    close(index);
  }
}

}  // namespace saturn::target
