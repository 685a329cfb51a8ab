#include "target/server.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>
#include <vector>

#include "target/gate.hpp"
#include "target/listener.hpp"
#include "target/stamps.hpp"
#include "target/store.hpp"
#include "target/truth.hpp"
#include "target/worker.hpp"

namespace saturn::target {

struct Server::State {
  std::vector<Listener> listeners;
  std::uint16_t port = 0;
  std::vector<std::string> urls;
  std::shared_ptr<Truth> truth;
  std::vector<std::unique_ptr<Store>> stores;  ///< one for all threads in memory, one each for a file
  std::unique_ptr<Gate> gate;                  ///< of all threads
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::thread> threads;
};

namespace {

Result<std::vector<std::unique_ptr<Store>>> open_stores(const Options& options) {
  const std::size_t count = options.db_file.empty() ? 1 : static_cast<std::size_t>(options.threads);
  std::vector<std::unique_ptr<Store>> stores;
  while (stores.size() < count) {
    auto store = Store::open(options.db_file);
    if (!store) return store.errors();
    stores.push_back(std::move(*store));
  }
  if (options.seed_items > 0 && stores.front()->seed(options.seed_items) != Store::Outcome::done)
    return Error{"--seed-items", "cannot fill the table: " + stores.front()->last_error(),
                 "stop other writers of the database, or take another file", ErrorKind::setup};
  return stores;
}

std::vector<int> sockets_of(const std::vector<Listener>& listeners) {
  std::vector<int> sockets;
  for (const Listener& listener : listeners) sockets.push_back(listener.socket.get());
  return sockets;
}

}  // namespace

Result<Server> Server::start(const Options& options) {
  if (options.threads < 1 || options.threads > kMostThreads)
    return Error{"--threads", fmt::format("{} threads are not possible", options.threads),
                 fmt::format("give a number from 1 to {}", kMostThreads), ErrorKind::usage};
  auto sets = listen_on_all(options, 1);
  if (!sets) return sets.errors();
  auto truth = std::make_shared<Truth>(static_cast<std::size_t>(options.threads), options.timed);
  return start(options, std::move(sets->front()), std::move(truth), 0);
}

Result<Server> Server::start(const Options& options, std::vector<Listener> listeners,
                             std::shared_ptr<Truth> truth, std::size_t first_thread) {
  prepare_descriptors();
  auto state = std::make_unique<State>();
  state->listeners = std::move(listeners);
  state->port = state->listeners.front().port;
  for (const Listener& listener : state->listeners) state->urls.push_back(listener.url);
  state->truth = std::move(truth);
  auto stores = open_stores(options);
  if (!stores) return stores.errors();
  state->stores = std::move(*stores);

  if (options.max_concurrency > 0) state->gate = std::make_unique<Gate>(options.max_concurrency);
  const Delays delays(options.delay, options.slow_delay, options.slow_per_million);
  const Nanos now = monotonic_now();
  std::vector<Worker*> workers;
  for (std::size_t i = 0; i < static_cast<std::size_t>(options.threads); ++i) {
    Store& store = *state->stores[i % state->stores.size()];
    state->workers.push_back(
        std::make_unique<Worker>(Worker::Setup{store, *state->truth, first_thread + i, delays,
                                               options.idle_timeout, options.stall, now, state->gate.get()}));
    workers.push_back(state->workers.back().get());
    if (!workers.back()->ready())
      return Error{"", fmt::format("the kernel refused an epoll loop: {}", std::strerror(errno)),
                   "Linux 5.11 or newer and enough file descriptors are needed (ulimit -n)",
                   ErrorKind::setup};
  }
  if (!workers.front()->accept_from(sockets_of(state->listeners), workers))
    return Error{"--listen", fmt::format("cannot wait for connections: {}", std::strerror(errno)), "",
                 ErrorKind::setup};
  Server server(std::move(state));
  try {
    for (Worker* worker : workers) server.state_->threads.emplace_back([worker] { worker->run(); });
  } catch (const std::system_error& failure) {
    return Error{"--threads", fmt::format("cannot start the threads: {}", failure.what()),
                 "take fewer threads, or raise the limit of processes (ulimit -u)", ErrorKind::setup};
  }
  return server;
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}
Server::Server(Server&&) noexcept = default;

Server& Server::operator=(Server&& other) noexcept {
  if (this != &other) {
    stop();
    state_ = std::move(other.state_);
  }
  return *this;
}

Server::~Server() {
  stop();
}

void Server::stop() {
  if (!state_) return;
  // The first worker hands connections to the others: once it is gone, nothing more is handed over.
  for (std::size_t i = 0; i < state_->threads.size(); ++i) {
    state_->workers[i]->request_stop();
    state_->threads[i].join();
  }
  state_->threads.clear();
  state_->listeners.clear();
}

std::uint16_t Server::port() const {
  return state_->port;
}
std::string Server::url() const {
  return state_->urls.front();
}
const std::vector<std::string>& Server::urls() const {
  return state_->urls;
}
Counters Server::counters() const {
  return state_->truth->read();
}
void Server::reset_counters() {
  state_->truth->reset();
}

}  // namespace saturn::target
