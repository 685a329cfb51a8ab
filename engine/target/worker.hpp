// One thread of the target: an epoll loop (edge-triggered, so that a request costs one wait, one recv and one
// send) over its own connections and timers. The first worker also accepts and hands connections out round
// robin; a mutex-guarded inbox and an eventfd are all that threads share, used once a connection, never a
// request. Stalls are due at the same moments in all workers, as in one process under a garbage collector.
// Everything but hand_over() and request_stop() belongs to the worker's thread. Tested in
// tests/loopback/serve_test.cpp.
#pragma once
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <span>
#include <vector>

#include "saturn/time.hpp"
#include "target/connection.hpp"
#include "target/listener.hpp"
#include "target/server.hpp"
#include "target/service.hpp"

struct epoll_event;

namespace saturn::target {

class Gate;

class Worker {
 public:
  struct Setup {
    Store& store;
    Truth& truth;
    std::size_t index;  ///< of its cells in the truth
    Delays delays;
    Nanos idle_timeout;
    Stall stall;
    Nanos started_at;  ///< the moment from which stalls are counted
    Gate* gate;        ///< what delayed answers go through; nullptr: nothing
  };
  explicit Worker(const Setup& setup);
  bool ready();  ///< false with errno when the kernel refused what it needs

  /// Makes this the worker that accepts, and says whom it hands connections to (itself too). False with
  /// errno.
  bool accept_from(std::vector<int> listeners, std::vector<Worker*> workers);
  void hand_over(int socket);
  void request_stop();
  void run();

  static constexpr std::size_t kFillerBytes = 1U << 20;

 private:
  struct Slot {
    Slot(Service& service, ThreadTruth& truth, AnswerTimes* times) : connection(service, truth, times) {}
    Fd socket;
    std::uint32_t generation = 0;  ///< tells a timer of an earlier connection from one of this
    bool readable = false, peer_closed = false, lingering = false;
    Nanos last_active_at{0};
    Connection connection;
  };
  enum class Kind : std::uint8_t { release, idle, linger };
  struct Timer {
    Nanos due_at;
    std::uint32_t slot, generation;
    Kind kind;
    bool operator>(const Timer& other) const { return due_at > other.due_at; }
  };

  int wait(std::span<epoll_event> events);
  void stall();
  void on_wake();
  void accept_all(int listener);
  void turn_away(int listener);
  void add(Fd socket);
  void on_event(std::uint32_t index, std::uint32_t events);
  void pump(std::uint32_t index);
  bool send(std::uint32_t index);
  bool receive(std::uint32_t index);
  void discard(std::uint32_t index);
  void finish(std::uint32_t index);
  void close(std::uint32_t index);
  void start_timer(std::uint32_t index, Kind kind, Nanos due_at);
  void fire_timers();
  void on_idle_timer(std::uint32_t index);

  Fd epoll_, wake_, reserve_;
  ThreadTruth& truth_;
  AnswerTimes* times_;  ///< nullptr: not taken, and no stamps asked for
  Service service_;
  Gate* gate_;
  Nanos idle_timeout_;
  Stall stall_;
  Nanos stall_at_;
  std::size_t index_;
  std::vector<int> listeners_;
  std::vector<Worker*> workers_;
  std::size_t next_worker_ = 0;
  std::deque<Slot> slots_;  ///< stable addresses; reused, never freed
  std::vector<std::uint32_t> free_;
  std::priority_queue<Timer, std::vector<Timer>, std::greater<>> timers_;
  std::vector<char> buffer_;
  Fd filler_;  ///< a file of 'x' in memory, for large bodies
  Nanos now_{0};
  std::atomic<bool> stop_ = false;
  std::mutex inbox_mutex_;
  std::vector<Fd> inbox_;
};

}  // namespace saturn::target
