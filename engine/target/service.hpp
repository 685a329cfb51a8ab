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
  Nanos delay{0};  ///< what was appended is held back so long
};

class Service {
 public:
  Service(Store& store, Truth& truth, Nanos delay) : store_(store), truth_(truth), delay_(delay) {}

  /// The Date header of the answers from now on.
  void set_time(std::time_t now);

  /// Appends the answer to `request`, the connection's `nth` (from 1), to `out`.
  Answer answer(const Route& route, const Request& request, std::uint64_t nth, std::string& out);
  /// The answer to what is no request; the connection ends behind it.
  Answer refuse(RequestParser::Outcome outcome, std::string& out);

 private:
  int answer_items(const Route& route, const Request& request, Reply& reply);
  int answer_stored(Store::Outcome outcome, int status, Reply& reply);

  Store& store_;
  Truth& truth_;
  Nanos delay_;
  std::time_t date_of_ = -1;
  std::string date_ = http_date(0);
  ItemReader reader_;
  std::string body_;  ///< kept for its capacity
};

/// The endpoints under /_fault (faults.cpp).
Answer answer_fault(const Route& route, std::uint64_t nth, Reply& reply);

}  // namespace saturn::target
