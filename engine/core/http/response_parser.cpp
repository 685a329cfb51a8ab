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
    return response.head_method_ || status == 204 || status == 304 ? no_body : go_on;
  }

  static int body(llhttp_t* parser, const char* at, std::size_t length) {
    ResponseParser::BodySink& sink = *self(parser).sink_;
    if (sink.size < sink.capacity)
      std::memcpy(sink.data + sink.size, at, std::min(length, sink.capacity - sink.size));
    sink.size += length;
    return 0;
  }

  static int message_complete(llhttp_t* parser) {
    // Beyond llhttp's rule, as RFC 9112 says: "close" wins over "keep-alive" (9.3), and an HTTP/1.0 message
    // with a transfer coding has doubtful framing (6.1).
    const bool doubtful = (parser->flags & F_CONNECTION_CLOSE) != 0 ||
                          (parser->http_minor == 0 && (parser->flags & F_TRANSFER_ENCODING) != 0);
    self(parser).head_.keep_alive = llhttp_should_keep_alive(parser) != 0 && !doubtful;
    return HPE_PAUSED;  // stops at the message's last byte: what follows belongs to the next one
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

ResponseParser::ResponseParser(std::uint32_t max_head_bytes) : max_head_bytes_(max_head_bytes) {
  next_message();
}

void ResponseParser::start(bool head_method, BodySink* sink) noexcept {
  head_method_ = head_method;
  sink_ = sink;
  head_bytes_ = 0;
  outcome_ = Outcome::need_more;
  started_ = false;
  next_message();
}

void ResponseParser::next_message() noexcept {
  llhttp_init(&parser_, HTTP_RESPONSE, sink_ != nullptr ? &kWithBody : &kFramingOnly);
  head_ = ResponseHead{};
  at_message_start_ = true;
  head_done_ = false;
}

ResponseParser::Step ResponseParser::feed(std::span<const char> bytes) noexcept {
  SATURN_ASSERT(outcome_ != Outcome::complete);
  parser_.data = this;  // here and not in start(): the object may have moved since
  std::size_t taken = 0;
  while (outcome_ == Outcome::need_more && taken < bytes.size()) taken += feed_some(bytes.subspan(taken));
  started_ = started_ || taken != 0;
  return {outcome_, outcome_ == Outcome::complete ? taken : bytes.size()};
}

/// Runs llhttp over the bytes up to the end of one message or to the head limit, at least one byte.
std::size_t ResponseParser::feed_some(std::span<const char> bytes) noexcept {
  if (at_message_start_ &&
      bytes.front() != 'H') {  // llhttp would skip empty lines, which only requests may have
    outcome_ = Outcome::malformed;
    return bytes.size();
  }
  at_message_start_ = false;
  const std::size_t room = head_done_ ? bytes.size() : max_head_bytes_ - head_bytes_;
  std::size_t taken = std::min(bytes.size(), room);
  const llhttp_errno_t error = llhttp_execute(&parser_, bytes.data(), taken);
  const bool ended = error == HPE_PAUSED;
  if (ended) taken = static_cast<std::size_t>(llhttp_get_error_pos(&parser_) - bytes.data());
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

ResponseParser::Outcome ResponseParser::end_of_stream() noexcept {
  parser_.data = this;
  if (outcome_ == Outcome::need_more && llhttp_finish(&parser_) == HPE_PAUSED) outcome_ = Outcome::complete;
  return outcome_;
}

}  // namespace saturn
