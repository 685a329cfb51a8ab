#include "target/connection.hpp"

#include <cstring>
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
  owed_.clear();
  fillers_.clear();
  filler_left_ = 0;
  counted_ = true;
  drains_ = false;
}

void Connection::on_bytes(std::span<const char> bytes, Nanos arrived_at) {
  SATURN_ASSERT(wants_bytes());
  arrived_at_ = arrived_at;
  truth_.add(ThreadTruth::received, bytes.size());
  if (state_ == State::hanging) return;
  const std::size_t taken = take(bytes);
  unread_.assign(bytes.data() + taken, bytes.size() - taken);
}

/// Answers as many requests as there are; returns how many bytes were used for that.
std::size_t Connection::take(std::span<const char> bytes) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ == State::open && unsent() < kMostUnsent) {
    if (const std::size_t repeated = take_repeats(bytes.subspan(taken)); repeated != 0) {
      taken += repeated;
      continue;
    }
    const auto step = parser_.feed(bytes.subspan(taken));
    const std::string_view piece(bytes.data() + taken, step.consumed);
    taken += step.consumed;
    request_bytes_ += step.consumed;
    switch (step.outcome) {
      case RequestParser::Outcome::complete:
        on_request(request_bytes_ == step.consumed ? piece : std::string_view{});
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

/// Answers what is asked like the last time without reading it; counts as settle() would.
std::size_t Connection::take_repeats(std::span<const char> bytes) {
  const auto& [request, answer] = service_.repeat();
  if (request.empty() || parser_.started() || !counted_) return 0;
  std::size_t taken = 0;
  std::uint64_t count = 0;
  while (bytes.size() - taken >= request.size() && unsent() < kMostUnsent &&
         std::memcmp(bytes.data() + taken, request.data(), request.size()) == 0) {
    taken += request.size();
    ++count;
    out_ += answer;
    ready_ = out_.size();
    if (times_ != nullptr) owed_.push_back({ready_, arrived_at_});
  }
  if (count == 0) return 0;
  requests_ += count;
  truth_.add(Service::kRepeatCell, count);
  truth_.add(ThreadTruth::sent, count * answer.size());
  truth_.add(ThreadTruth::response_cell(200), count);
  return taken;
}

/// `text`: all of it, where it came in one piece.
void Connection::on_request(std::string_view text) {
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
  const std::size_t before = out_.size();
  const Answer answer = service_.answer(where, request, requests_, out_);
  if (is_truth(where.endpoint)) {
    ready_ = out_.size();
    if (answer.after == After::close) state_ = State::closing;
  } else if (answer.delay > Nanos(0)) {
    held_ = answer;
    new_hold_ = answer.delay;
    state_ = State::held;
  } else {
    if (!text.empty() && answer.after == After::keep)
      service_.remember(where, request, text, std::string_view(out_).substr(before));
    settle(answer);
  }
}

/// What was appended goes out now. Counted here, before it is sent: who has the answer finds it counted.
void Connection::settle(const Answer& answer) {
  truth_.add(ThreadTruth::sent, out_.size() - ready_ + answer.filler);
  ready_ = out_.size();
  if (answer.filler != 0) {
    fillers_.push_back({ready_, answer.filler});
    filler_left_ += answer.filler;
  }
  if (answer.status != 0) {
    truth_.add(ThreadTruth::response_cell(answer.status));
    if (times_ != nullptr) owed_.push_back({ready_, arrived_at_});
  }
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

void Connection::on_sent(std::size_t count, Nanos sent_at) {
  if (sent_ < text_end()) {
    sent_ += count;
    SATURN_ASSERT(sent_ <= text_end());
  } else if (count != 0) {
    SATURN_ASSERT(count <= filler_to_send());
    filler_left_ -= count;
    if ((fillers_.front().left -= count) == 0) fillers_.erase(fillers_.begin());
  }
  if (!owed_.empty()) note_times(sent_at);
  if (unsent() == 0) {
    out_.erase(0, sent_);
    ready_ = sent_ = 0;
    if (out_.empty() && out_.capacity() > kMostKept) std::string().swap(out_);
  }
  if (state_ == State::open) take_unread();
}

void Connection::note_times(Nanos sent_at) {
  const auto is_sent = [&](const Owed& answer) {
    return answer.end <= sent_ && (fillers_.empty() || answer.end < fillers_.front().at);
  };
  auto next = owed_.begin();
  for (; next != owed_.end() && is_sent(*next); ++next) times_->record(next->arrived_at, sent_at);
  owed_.erase(owed_.begin(), next);
}

void Connection::on_end_of_stream() {
  if (state_ == State::open || state_ == State::hanging) state_ = State::closing;
}

void Connection::on_closed() {
  if (!counted_) return;
  truth_.subtract(ThreadTruth::sent, unsent());
  truth_.add(ThreadTruth::closed);
}

bool Connection::is_idle() const {
  return state_ == State::open && requests_ > 0 && !parser_.started() && unsent() == 0;
}

}  // namespace saturn::target
