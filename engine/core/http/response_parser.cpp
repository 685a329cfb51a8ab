#include "core/http/response_parser.hpp"

#include <algorithm>
#include <cstring>

#include "core/base/assert.hpp"

namespace saturn {

struct ResponseCallbacks {
  static ResponseParser& self(const llhttp_t* parser) { return *static_cast<ResponseParser*>(parser->data); }

  static int headers_complete(llhttp_t* parser) {
    constexpr int go_on = 0, no_body = 1, refuse = -1;
    ResponseParser& response = self(parser);
    const int status = parser->status_code;
    // 101 answers an upgrade that saturn never asks for; what would follow is not HTTP.
    if (parser->http_major != 1 || status < 100 || status == 101) return refuse;
    response.head_.status = status;
    if (status < 200) return no_body;
    response.head_done_ = true;
    if (response.head_method_ || status == 204 || status == 304) return no_body;
    if (response.cache_ == nullptr) return go_on;
    response.body_bytes_ = parser->content_length;
    response.head_lasting_ = status < 600 && has_length(parser) && keeps_alive(parser);
    return go_on;
  }

  static int body(llhttp_t* parser, const char* at, std::size_t length) {
    self(parser).sink_->append(at, length);
    return 0;
  }

  static int message_complete(llhttp_t* parser) {
    self(parser).head_.keep_alive = keeps_alive(parser);
    return HPE_PAUSED;  // stops at the message's last byte: what follows belongs to the next one
  }

  /// Framed by Content-Length.
  static bool has_length(const llhttp_t* parser) {
    constexpr unsigned framing = F_CONTENT_LENGTH | F_CHUNKED | F_TRANSFER_ENCODING;
    return (parser->flags & framing) == F_CONTENT_LENGTH;
  }

  /// Beyond llhttp's rule, as RFC 9112 says: "close" wins over "keep-alive" (9.3), and an HTTP/1.0 message
  /// with a transfer coding has doubtful framing (6.1).
  static bool keeps_alive(const llhttp_t* parser) {
    const bool doubtful = (parser->flags & F_CONNECTION_CLOSE) != 0 ||
                          (parser->http_minor == 0 && (parser->flags & F_TRANSFER_ENCODING) != 0);
    return llhttp_should_keep_alive(parser) != 0 && !doubtful;
  }
};

namespace {

constexpr llhttp_settings_t make_settings(bool with_body) {
  llhttp_settings_t settings{};
  settings.on_headers_complete = ResponseCallbacks::headers_complete;
  settings.on_message_complete = ResponseCallbacks::message_complete;
  if (with_body) settings.on_body = ResponseCallbacks::body;
  return settings;
}

constexpr llhttp_settings_t kFramingOnly = make_settings(false);
constexpr llhttp_settings_t kWithBody = make_settings(true);

}  // namespace

ResponseParser::ResponseParser(std::uint32_t max_head_bytes) : max_head_bytes_(max_head_bytes) {}

void ResponseParser::BodySink::append(const char* at, std::size_t length) noexcept {
  if (size < capacity) std::memcpy(data + size, at, std::min(length, capacity - size));
  size += length;
}

void ResponseParser::start(bool head_method, BodySink* sink, HeadCache* cache) noexcept {
  head_method_ = head_method;
  sink_ = sink;
  cache_ = head_method ? nullptr : cache;
  head_ = ResponseHead{};
  head_bytes_ = 0;
  outcome_ = Outcome::need_more;
  started_ = head_known_ = false;
}

void ResponseParser::next_message() noexcept {
  llhttp_init(&parser_, HTTP_RESPONSE, sink_ != nullptr ? &kWithBody : &kFramingOnly);
  head_ = ResponseHead{};
  at_message_start_ = true;
  head_done_ = head_lasting_ = false;
}

ResponseParser::Step ResponseParser::feed(std::span<const char> bytes) noexcept {
  SATURN_ASSERT(outcome_ != Outcome::complete);
  if (head_known_) return count_body(bytes, 0);
  if (!started_ && !bytes.empty()) {
    started_ = true;
    const std::size_t in_limit = std::min<std::size_t>(bytes.size(), max_head_bytes_);
    if (const auto* known = cache_ != nullptr ? cache_->match(bytes.first(in_limit)) : nullptr) {
      head_known_ = true;
      head_.status = known->status;
      body_bytes_ = known->body_bytes;
      return count_body(bytes, known->head_bytes);
    }
    next_message();
  }
  parser_.data = this;  // here and not in start(): the object may have moved since
  std::size_t taken = 0;
  while (outcome_ == Outcome::need_more && taken < bytes.size()) taken += feed_some(bytes.subspan(taken));
  return {outcome_, outcome_ == Outcome::complete ? taken : bytes.size()};
}

/// After a known head nothing can be wrong any more: the body from `begin` on is counted.
ResponseParser::Step ResponseParser::count_body(std::span<const char> bytes, std::size_t begin) noexcept {
  const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size() - begin, body_bytes_));
  if (sink_ != nullptr) sink_->append(bytes.data() + begin, here);
  body_bytes_ -= here;
  if (body_bytes_ == 0) outcome_ = Outcome::complete;
  return {outcome_, begin + here};
}

/// Runs llhttp over the bytes up to the end of one message or to the head limit, at least one byte.
std::size_t ResponseParser::feed_some(std::span<const char> bytes) noexcept {
  if (at_message_start_ &&
      bytes.front() != 'H') {  // llhttp would skip empty lines, which only requests may have
    outcome_ = Outcome::malformed;
    return bytes.size();
  }
  at_message_start_ = false;
  const bool from_first_byte = head_bytes_ == 0 && !head_done_;
  const std::size_t room = head_done_ ? bytes.size() : max_head_bytes_ - head_bytes_;
  std::size_t taken = std::min(bytes.size(), room);
  const llhttp_errno_t error = llhttp_execute(&parser_, bytes.data(), taken);
  const bool ended = error == HPE_PAUSED;
  if (ended) taken = static_cast<std::size_t>(llhttp_get_error_pos(&parser_) - bytes.data());
  if (from_first_byte && head_lasting_) {
    const std::size_t body_here = body_bytes_ - parser_.content_length;  // llhttp counts down what is left
    cache_->learn({bytes.data(), taken - body_here}, head_.status, body_bytes_);
  }
  if (error != HPE_OK && !ended) {
    outcome_ = Outcome::malformed;
  } else if (ended && head_done_) {
    outcome_ = Outcome::complete;
  } else if (!head_done_) {
    head_bytes_ += static_cast<std::uint32_t>(taken);
    if (head_bytes_ >= max_head_bytes_) outcome_ = Outcome::head_too_large;
    if (ended) {  // an interim response: the one that was asked for is still to come
      next_message();
      parser_.data = this;
    }
  }
  return taken;
}

std::uint64_t ResponseParser::body_left() const noexcept {
  if (outcome_ != Outcome::need_more || sink_ != nullptr) return 0;
  if (head_known_) return body_bytes_;
  return started_ && head_done_ && ResponseCallbacks::has_length(&parser_) ? parser_.content_length : 0;
}

void ResponseParser::skip(std::uint64_t bytes) noexcept {
  SATURN_ASSERT(bytes < body_left());
  (head_known_ ? body_bytes_ : parser_.content_length) -= bytes;
}

ResponseParser::Outcome ResponseParser::end_of_stream() noexcept {
  if (outcome_ != Outcome::need_more || !started_ || head_known_) return outcome_;
  parser_.data = this;
  if (llhttp_finish(&parser_) == HPE_PAUSED) outcome_ = Outcome::complete;
  return outcome_;
}

}  // namespace saturn
