#include "target/worker.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <string>

#include "core/base/assert.hpp"
#include "target/stamps.hpp"

namespace saturn::target {
namespace {

constexpr std::size_t kReadBytes = 65536;
constexpr int kEventsATurn = 256;
// epoll's user data: a slot's index, the token of a listener by its index, or that of a wake-up.
constexpr std::uint64_t kWakeToken = ~0ULL, kFirstListener = 1ULL << 32;

timespec to_timespec(Nanos t) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(t);
  return {whole.count(), (t - whole).count()};
}

bool watch(int epoll, int fd, std::uint32_t events, std::uint64_t token) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = token;
  return epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

Fd make_filler() {
  Fd file(memfd_create("filler", MFD_CLOEXEC));
  const std::string bytes(Worker::kFillerBytes, 'x');
  if (::write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) file.close();
  return file;
}

Fd open_reserve() {
  return Fd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
}

}  // namespace

Worker::Worker(const Setup& setup)
    : epoll_(epoll_create1(EPOLL_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      truth_(setup.truth.of_thread(setup.index)),
      times_(setup.truth.times_of_thread(setup.index)),
      service_(setup.store, setup.truth, setup.delays),
      gate_(setup.gate),
      idle_timeout_(setup.idle_timeout),
      stall_(setup.stall),
      stall_at_(setup.started_at + setup.stall.every),
      index_(setup.index),
      buffer_(kReadBytes),
      filler_(make_filler()) {
  watch(epoll_.get(), wake_.get(), EPOLLIN, kWakeToken);
}

bool Worker::ready() {
  if (epoll_.get() < 0 || wake_.get() < 0 || filler_.get() < 0) return false;
  epoll_event event{};
  const timespec at_once{};
  return epoll_pwait2(epoll_.get(), &event, 1, &at_once, nullptr) >= 0;
}

bool Worker::accept_from(std::vector<int> listeners, std::vector<Worker*> workers) {
  listeners_ = std::move(listeners);
  workers_ = std::move(workers);
  reserve_ = open_reserve();
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    if (times_ != nullptr && !ask_for_stamps(listeners_[i])) return false;
    if (!watch(epoll_.get(), listeners_[i], EPOLLIN, kFirstListener + i)) return false;
  }
  return true;
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
  sigset_t no_signals;
  sigemptyset(&no_signals);
  sigaddset(&no_signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &no_signals, nullptr);  // sendfile() to a client that left raises it
  prctl(PR_SET_TIMERSLACK, 1UL);                     // delays end when they are due, not 50 us later
  std::array<epoll_event, kEventsATurn> events;
  now_ = monotonic_now();
  while (!stop_.load(std::memory_order_relaxed)) {
    if (stall_.every > Nanos(0) && now_ >= stall_at_) stall();
    const int count = wait(events);
    now_ = monotonic_now();
    service_.set_time(std::time(nullptr));
    for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(count))) {
      if (event.data.u64 == kWakeToken) {
        on_wake();
      } else if (event.data.u64 >= kFirstListener) {
        accept_all(listeners_[event.data.u64 - kFirstListener]);
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
  Nanos until = Nanos::max();
  if (!timers_.empty()) until = timers_.top().due_at;
  if (stall_.every > Nanos(0)) until = std::min(until, stall_at_);
  timespec timeout{};
  if (until != Nanos::max()) timeout = to_timespec(std::max(Nanos(0), until - monotonic_now()));
  const int count = epoll_pwait2(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                 until == Nanos::max() ? nullptr : &timeout, nullptr);
  SATURN_ASSERT(count >= 0 || errno == EINTR);
  return std::max(count, 0);
}

/// Does nothing for so long, but can be stopped.
void Worker::stall() {
  const Nanos until = now_ + stall_.lasts;
  pollfd wake{wake_.get(), POLLIN, 0};
  while (now_ < until && !stop_.load(std::memory_order_relaxed)) {
    const timespec left = to_timespec(until - now_);
    eventfd_t value = 0;
    if (ppoll(&wake, 1, &left, nullptr) > 0) eventfd_read(wake_.get(), &value);
    now_ = monotonic_now();
  }
  while (stall_at_ <= now_) stall_at_ += stall_.every;
  on_wake();  // what was handed over meanwhile
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

void Worker::accept_all(int listener) {
  for (int i = 0; i < kEventsATurn; ++i) {
    Fd socket(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() < 0) {
      if (errno == EMFILE || errno == ENFILE) turn_away(listener);
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
void Worker::turn_away(int listener) {
  reserve_.close();
  const Fd socket(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
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
