// What the target answers: a request in, the bytes of its answer and what is to follow them out. No socket,
// no clock; one per thread. Tested in tests/unit/target_service_test.cpp.
#pragma once
#include <cstdint>
#include <ctime>
#include <string>

#include "core/http/request_parser.hpp"
#include "core/json/item_json.hpp"
#include "saturn/time.hpp"
#include "target/response.hpp"
#include "target/router.hpp"
#include "target/store.hpp"
#include "target/truth.hpp"

namespace saturn::target {

/// What becomes of the connection behind an answer.
enum class After : std::uint8_t {
  keep,
  close,
  reset,  ///< RST, and nothing that is still to be sent
  hang,   ///< nothing more, ever; the client has to close
};

struct Answer {
  int status = 0;  ///< 0: what was appended is no whole answer
  After after = After::keep;
  Nanos delay{0};            ///< what was appended is held back so long
  std::uint64_t filler = 0;  ///< so many 'x' follow what was appended
};

/// How long answers are held back. Which ones are slow is counted out, not drawn: every hundredth is.
class Delays {
 public:
  Delays(Nanos usual) : usual_(usual) {}  // NOLINT(google-explicit-constructor)
  Delays(Nanos usual, Nanos slow, std::uint32_t slow_per_million)
      : usual_(usual), slow_(slow), slow_per_million_(slow_per_million) {}
  bool none() const { return usual_ == Nanos(0) && slow_per_million_ == 0; }
  Nanos next() {
    constexpr std::uint32_t million = 1'000'000;
    sum_ += slow_per_million_;
    if (sum_ < million) return usual_;
    sum_ -= million;
    return slow_;
  }

 private:
  Nanos usual_, slow_{0};
  std::uint32_t slow_per_million_ = 0, sum_ = 0;
};

/// A request and its answer, both whole: who asks the same byte for byte gets the same, unread. A load
/// generator does nothing else, and without this the reference target would be slower than some of them.
struct Repeat {
  std::string request, answer;
};

class Service {
 public:
  Service(Store& store, Truth& truth, Delays delays) : store_(store), truth_(truth), delays_(delays) {}

  /// The Date header of the answers from now on.
  void set_time(std::time_t now);

  /// Appends the answer to `request`, the connection's `nth` (from 1), to `out`.
  Answer answer(const Route& route, const Request& request, std::uint64_t nth, std::string& out);
  /// What was answered last and would be answered the same way now; an empty request where there is no such.
  const Repeat& repeat() const { return repeat_; }
  /// Of a request that came in one piece. Takes only a GET of /hello without a delay: one cell counts it.
  void remember(const Route& route, const Request& request, std::string_view text, std::string_view answer);
  static constexpr std::size_t kRepeatCell = ThreadTruth::request_cell(Endpoint::hello, Method::get);

  /// The answer to what is no request; the connection ends behind it.
  Answer refuse(RequestParser::Outcome outcome, std::string& out);

 private:
  int answer_items(const Route& route, const Request& request, Reply& reply);
  int answer_stored(Store::Outcome outcome, int status, Reply& reply);

  Store& store_;
  Truth& truth_;
  Delays delays_;
  std::time_t date_of_ = -1;
  std::string date_ = http_date(0);
  Repeat repeat_;
  ItemReader reader_;
  std::string body_;  ///< kept for its capacity
};

/// The endpoints under /_fault (faults.cpp).
Answer answer_fault(const Route& route, std::uint64_t nth, Reply& reply);

}  // namespace saturn::target
