#include "target/connection.hpp"

#include <utility>

#include "core/base/assert.hpp"

namespace saturn::target {

void Connection::begin() {
  truth_.add(ThreadTruth::taken);
  parser_.restart();
  state_ = State::open;
  out_.clear();
  unread_.clear();
  sent_ = ready_ = request_bytes_ = 0;
  requests_ = 0;
  new_hold_.reset();
  counted_ = true;
  drains_ = false;
}

void Connection::on_bytes(std::span<const char> bytes) {
  SATURN_ASSERT(wants_bytes());
  truth_.add(ThreadTruth::received, bytes.size());
  if (state_ == State::hanging) return;
  const std::size_t taken = take(bytes);
  unread_.assign(bytes.data() + taken, bytes.size() - taken);
}

/// Answers as many requests as there are; returns how many bytes were used for that.
std::size_t Connection::take(std::span<const char> bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ == State::open && ready_ - sent_ < kMostUnsent) {
    const auto step = parser_.feed(bytes.subspan(taken));
    taken += step.consumed;
    request_bytes_ += step.consumed;
    switch (step.outcome) {
      case RequestParser::Outcome::complete:
        on_request();
        break;
      case RequestParser::Outcome::need_more:
        if (!parser_.take_continue()) break;
        out_ += "HTTP/1.1 100 Continue\r\n\r\n";
        settle({0, After::keep, Nanos(0)});
        break;
      default:
        truth_.add(ThreadTruth::malformed);
        settle(service_.refuse(step.outcome, out_));
        drains_ = true;
    }
  }
  return taken;
}

void Connection::on_request() {
  const Request& request = parser_.request();
  const Route where = route(request.target);
  ++requests_;
  if (is_truth(where.endpoint)) {
    truth_.subtract(ThreadTruth::received, request_bytes_);
    if (requests_ == 1) {
      truth_.subtract(ThreadTruth::accepted);
      truth_.subtract(ThreadTruth::taken);
      counted_ = false;
    }
  } else {
    truth_.add(ThreadTruth::request_cell(where.endpoint, request.method));
    if (!counted_) {
      truth_.add(ThreadTruth::accepted);
      truth_.add(ThreadTruth::taken);
      counted_ = true;
    }
  }
  request_bytes_ = 0;
  const Answer answer = service_.answer(where, request, requests_, out_);
  if (is_truth(where.endpoint)) {
    ready_ = out_.size();
    if (answer.after == After::close) state_ = State::closing;
  } else if (answer.delay > Nanos(0)) {
    held_ = answer;
    new_hold_ = answer.delay;
    state_ = State::held;
  } else {
    settle(answer);
  }
}

/// What was appended goes out now. Counted here, before it is sent: who has the answer finds it counted.
void Connection::settle(const Answer& answer) {
  truth_.add(ThreadTruth::sent, out_.size() - ready_);
  if (answer.status != 0) truth_.add(ThreadTruth::response_cell(answer.status));
  ready_ = out_.size();
  switch (answer.after) {
    case After::keep:
      state_ = State::open;
      break;
    case After::close:
      state_ = State::closing;
      break;
    case After::reset:
      state_ = State::resetting;
      break;
    case After::hang:
      state_ = State::hanging;
      break;
  }
}

void Connection::on_release() {
  SATURN_ASSERT(state_ == State::held);
  settle(held_);
  take_unread();
}

void Connection::take_unread() {
  if (unread_.empty()) return;
  const std::size_t taken = take(unread_);
  unread_.erase(0, taken);
}

void Connection::on_sent(std::size_t count) {
  sent_ += count;
  SATURN_ASSERT(sent_ <= ready_);
  if (sent_ == ready_) {
    out_.erase(0, sent_);
    ready_ = sent_ = 0;
    if (out_.empty() && out_.capacity() > kMostKept) std::string().swap(out_);
  }
  if (state_ == State::open) take_unread();
}

void Connection::on_end_of_stream() {
  if (state_ == State::open || state_ == State::hanging) state_ = State::closing;
}

void Connection::on_closed() {
  if (!counted_) return;
  truth_.subtract(ThreadTruth::sent, ready_ - sent_);
  truth_.add(ThreadTruth::closed);
}

bool Connection::is_idle() const {
  return state_ == State::open && requests_ > 0 && !parser_.started() && ready_ == sent_;
}

}  // namespace saturn::target
