// The reference target: the study's API over HTTP/1.1, known delays and faults, and its own counters, which
// tests hold the generator's counts against; with `timed` also its own time for each answer. Behind `saturn
// serve`; in-process for tests. One epoll loop a thread; connections are handed out round robin, so that
// every thread has the same number. start() and stop() belong to one thread, counters() may be called from
// any. Tested in tests/loopback/serve_test.cpp and serve_truth_test.cpp.
//
// The study's API:
//   GET /hello · POST /echo · GET|POST /items/ · GET|PUT|DELETE /items/{id}
// Truth (these requests, and connections that begin with one, are not counted):
//   GET /_truth · POST /_truth/reset
// Known answers and faults, any method, under /_fault:
//   /bytes/N            a body of N bytes, Content-Length    /chunked/N       the same in chunks
//   /close-delimited/N  the same, ended by closing           /status/N        that status, 200-599
//   /slow/T             answers after T, such as 200ms       /close           answers with Connection: close
//   /drop-after/N       closes unannounced after the Nth answer of the connection
//   /informational      103 before the answer                /extra           bytes nobody asked for
//   /garbage            no HTTP, then closes                 /half            half a body, then closes
//   /reset              RST, no answer                       /early           closes, no answer
//   /silence            never answers                        /endless-head    a head without end
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "saturn/error.hpp"
#include "saturn/result.hpp"
#include "saturn/time.hpp"

namespace saturn::target {

struct Listener;
class Truth;

inline constexpr int kMostThreads = 1024;

struct HostAndPort {
  std::string host;
  std::uint16_t port = 0;
};

/// A pause of everything, again and again, as of a garbage collector. From the start on; none where zero.
struct Stall {
  Nanos every{0}, lasts{0};
};

struct Options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;         ///< 0: a free one, see Server::port()
  std::vector<HostAndPort> also;  ///< more addresses to listen on; port 0: that of the first
  int threads = 1;
  Nanos delay{0};       ///< before each answer; requests of one connection wait one after another
  Nanos slow_delay{0};  ///< instead, before the slow answers
  std::uint32_t slow_per_million =
      0;  ///< that many are: 10,000 makes every hundredth of a thread's answers slow
  std::uint32_t max_concurrency = 0;  ///< delayed answers worked on at a time, others wait; 0: no limit
  Stall stall;
  bool timed = false;            ///< keeps Counters::latency
  Nanos idle_timeout{0};         ///< closes a connection that served and then was idle this long; 0: never
  std::string db_file;           ///< empty: in memory
  std::uint64_t seed_items = 0;  ///< records put into the table at the start
};

/// What the server itself saw. Whole answers only are responses; `bytes_*` are wire bytes.
struct Counters {
  std::uint64_t requests = 0, responses = 0;
  std::uint64_t bytes_received = 0, bytes_sent = 0;
  std::uint64_t accepted = 0, closed = 0, open = 0;
  std::vector<std::uint64_t> open_by_thread;
  std::uint64_t closed_idle = 0;                     ///< of the closed ones, by the idle timeout
  std::uint64_t turned_away = 0;                     ///< accepted and closed at once: no file descriptor left
  std::map<std::string, std::uint64_t> requests_by;  ///< "GET /items/{id}"; "malformed" for what was no HTTP
  std::map<int, std::uint64_t> responses_by_status;
  /// Of each response: kernel arrival of its request's last byte → the send of its last byte returned.
  MaybeDistribution latency;
  std::uint64_t unstamped = 0;  ///< responses whose request came without a stamp, in no distribution
};

class Server {
 public:
  static Result<Server> start(const Options& options);
  /// One process of several: on sockets that listen already, counting into the threads of `truth` from
  /// `first_thread` on. Records to begin with are put in before, once.
  static Result<Server> start(const Options& options, std::vector<Listener> listeners,
                              std::shared_ptr<Truth> truth, std::size_t first_thread);
  ~Server();  ///< stops
  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;

  std::uint16_t port() const;
  std::string url() const;  ///< "http://127.0.0.1:8000", without a final slash; the first address
  const std::vector<std::string>& urls() const;
  Counters counters() const;
  void reset_counters();  ///< counts from now on start at zero; open connections stay
  void stop();            ///< closes all connections and joins the threads; idempotent

 private:
  struct State;
  explicit Server(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace saturn::target
