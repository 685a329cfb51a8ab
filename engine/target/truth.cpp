#include "target/truth.hpp"

#include <fmt/format.h>

#include <iterator>
#include <mutex>

namespace saturn::target {
namespace {

void append_latency(std::string& text, const MaybeDistribution& latency) {
  if (!latency) {
    text += "null";
    return;
  }
  fmt::format_to(std::back_inserter(text),
                 R"({{"count": {}, "min": {:.3f}, "mean": {:.3f}, "p50": {:.3f}, "p90": {:.3f}, )"
                 R"("p99": {:.3f}, "p99_9": {:.3f}, "max": {:.3f}, "histogram": "{}"}})",
                 latency->count, latency->min_us, latency->mean_us, latency->p50_us, latency->p90_us,
                 latency->p99_us, latency->p99_9_us, latency->max_us, latency->histogram);
}

}  // namespace

Truth::Snapshot Truth::sum() const {
  Snapshot total{};
  for (const ThreadTruth& thread : threads_)
    for (std::size_t cell = 0; cell < total.size(); ++cell) total[cell] += thread.read(cell);
  return total;
}

void Truth::reset() {
  const std::lock_guard lock(baseline_[0].mutex);
  baseline_[0].cells = sum();
  for (std::size_t i = 0; i < times_.size(); ++i) times_[i].ask_reset();
}

Counters Truth::read() const {
  const std::lock_guard lock(baseline_[0].mutex);
  const Snapshot total = sum();
  const auto since = [&](std::size_t cell) { return total[cell] - baseline_[0].cells[cell]; };
  Counters counters;
  counters.bytes_received = since(ThreadTruth::received);
  counters.bytes_sent = since(ThreadTruth::sent);
  counters.accepted = since(ThreadTruth::accepted);
  counters.closed = since(ThreadTruth::closed);
  counters.open = total[ThreadTruth::accepted] - total[ThreadTruth::closed];
  counters.closed_idle = since(ThreadTruth::closed_idle);
  counters.turned_away = since(ThreadTruth::turned_away);
  for (const ThreadTruth& thread : threads_)
    counters.open_by_thread.push_back(thread.read(ThreadTruth::taken) - thread.read(ThreadTruth::closed));

  const auto add_requests = [&](std::string name, std::uint64_t count) {
    if (count == 0) return;
    counters.requests_by[std::move(name)] = count;
    counters.requests += count;
  };
  add_requests("malformed", since(ThreadTruth::malformed));
  for (std::size_t e = 0; e < kEndpoints; ++e)
    for (std::size_t m = 0; m < kMethods; ++m) {
      const auto endpoint = static_cast<Endpoint>(e);
      const auto method = static_cast<Method>(m);
      add_requests(fmt::format("{} {}", to_name(method), pattern(endpoint)),
                   since(ThreadTruth::request_cell(endpoint, method)));
    }
  for (int status = kLeastStatus; status <= kMostStatus; ++status) {
    const std::uint64_t count = since(ThreadTruth::response_cell(status));
    if (count == 0) continue;
    counters.responses_by_status[status] = count;
    counters.responses += count;
  }
  AnswerTotals answers;
  for (const AnswerTimes& times : times_) times.add_to(answers);
  counters.latency = answers.summary();
  counters.unstamped = answers.unstamped;
  return counters;
}

std::string to_json(const Counters& counters) {
  std::string text;
  const auto into = std::back_inserter(text);
  fmt::format_to(into, R"({{"requests": {{"total": {}, "by": {{)", counters.requests);
  const char* separator = "";
  for (const auto& [name, count] : counters.requests_by) {
    fmt::format_to(into, R"({}"{}": {})", separator, name, count);
    separator = ", ";
  }
  fmt::format_to(into, R"(}}}}, "responses": {{"total": {}, "by_status": {{)", counters.responses);
  separator = "";
  for (const auto& [status, count] : counters.responses_by_status) {
    fmt::format_to(into, R"({}"{}": {})", separator, status, count);
    separator = ", ";
  }
  fmt::format_to(into, R"(}}}}, "bytes": {{"received": {}, "sent": {}}}, "connections": {{"accepted": {}, )",
                 counters.bytes_received, counters.bytes_sent, counters.accepted);
  fmt::format_to(into, R"("open": {}, "open_by_thread": [{}], "closed": {}, "closed_idle": {}, )",
                 counters.open, fmt::join(counters.open_by_thread, ", "), counters.closed,
                 counters.closed_idle);
  fmt::format_to(into, R"("turned_away": {}}}, "unstamped": {}, "latency_us": )", counters.turned_away,
                 counters.unstamped);
  append_latency(text, counters.latency);
  return text += '}';
}

}  // namespace saturn::target
