#include "core/http/request_parser.hpp"

#include <utility>

namespace saturn {
namespace {

constexpr std::string_view kExpect = "expect";
constexpr std::string_view kContinue = "100-continue";

Method to_method(std::uint8_t code) {
  switch (code) {
    case HTTP_GET:
      return Method::get;
    case HTTP_HEAD:
      return Method::head;
    case HTTP_POST:
      return Method::post;
    case HTTP_PUT:
      return Method::put;
    case HTTP_DELETE:
      return Method::del;
    case HTTP_PATCH:
      return Method::patch;
    case HTTP_OPTIONS:
      return Method::options;
    default:
      return Method::other;
  }
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view to_name(Method method) {
  static constexpr std::string_view names[kMethods] = {"GET",    "HEAD",  "POST",    "PUT",
                                                       "DELETE", "PATCH", "OPTIONS", "OTHER"};
  return names[static_cast<std::size_t>(method)];
}

struct RequestCallbacks {
  static RequestParser& self(llhttp_t* parser) { return *static_cast<RequestParser*>(parser->data); }

  static int fail(RequestParser& p, RequestParser::Outcome outcome) {
    p.outcome_ = outcome;
    return HPE_USER;
  }
  static int count_head(RequestParser& p, std::size_t bytes) {
    p.head_bytes_ += bytes;
    if (p.head_bytes_ > p.limits_.head_bytes) return fail(p, RequestParser::Outcome::head_too_large);
    return 0;
  }

  static int on_url(llhttp_t* parser, const char* at, std::size_t length) {
    self(parser).request_.target.append(at, length);
    return count_head(self(parser), length);
  }
  static int on_header_field(llhttp_t* parser, const char* at, std::size_t length) {
    self(parser).field_.add({at, length}, kExpect);
    return count_head(self(parser), length);
  }
  static int on_header_value(llhttp_t* parser, const char* at, std::size_t length) {
    auto& p = self(parser);
    if (p.field_.is(kExpect)) p.value_.add({at, length}, kContinue);
    return count_head(p, length);
  }
  static int on_header_value_complete(llhttp_t* parser) {
    auto& p = self(parser);
    if (p.field_.is(kExpect) && p.value_.is(kContinue)) p.expects_continue_ = true;
    p.field_ = p.value_ = {};
    return count_head(p, std::string_view(": \r\n").size());
  }
  static int on_headers_complete(llhttp_t* parser) {
    auto& p = self(parser);
    parser->upgrade = 0;
    p.request_.http_1_0 = parser->http_major == 1 && parser->http_minor == 0;
    const bool has_length = (parser->flags & F_CONTENT_LENGTH) != 0;
    if (has_length && parser->content_length > p.limits_.body_bytes) {
      p.outcome_ = RequestParser::Outcome::body_too_large;
      return -1;
    }
    const bool has_body = (has_length && parser->content_length > 0) || (parser->flags & F_CHUNKED) != 0;
    p.continue_due_ = p.expects_continue_ && has_body && !p.request_.http_1_0;
    return 0;
  }
  static int on_body(llhttp_t* parser, const char* at, std::size_t length) {
    auto& p = self(parser);
    p.continue_due_ = false;
    if (length > p.limits_.body_bytes - p.request_.body.size())
      return fail(p, RequestParser::Outcome::body_too_large);
    p.request_.body.append(at, length);
    return 0;
  }
  static int on_message_complete(llhttp_t* parser) {
    auto& p = self(parser);
    p.request_.method = to_method(parser->method);
    p.request_.keep_alive = llhttp_should_keep_alive(parser) != 0;
    p.outcome_ = RequestParser::Outcome::complete;
    return HPE_PAUSED;
  }

  static const llhttp_settings_t* settings() {
    static const llhttp_settings_t table = [] {
      llhttp_settings_t s;
      llhttp_settings_init(&s);
      s.on_url = on_url;
      s.on_header_field = on_header_field;
      s.on_header_value = on_header_value;
      s.on_header_value_complete = on_header_value_complete;
      s.on_headers_complete = on_headers_complete;
      s.on_body = on_body;
      s.on_message_complete = on_message_complete;
      return s;
    }();
    return &table;
  }
};

RequestParser::RequestParser(Limits limits) : limits_(limits) {
  llhttp_init(&parser_, HTTP_REQUEST, RequestCallbacks::settings());
  parser_.data = this;
}

void RequestParser::restart() {
  llhttp_reset(&parser_);
  request_.target.clear();
  request_.body.clear();
  state_ = State::between;
  outcome_ = Outcome::need_more;
  head_bytes_ = 0;
  field_ = value_ = {};
  expects_continue_ = continue_due_ = false;
}

RequestParser::Step RequestParser::feed(std::span<const char> bytes) {
  if (state_ == State::broken) return {outcome_, bytes.size()};
  if (outcome_ == Outcome::complete) restart();
  if (bytes.empty()) return {Outcome::need_more, 0};
  state_ = State::under_way;
  const auto code = llhttp_execute(&parser_, bytes.data(), bytes.size());
  if (code == HPE_OK) return {Outcome::need_more, bytes.size()};
  if (code == HPE_PAUSED && outcome_ == Outcome::complete) {
    state_ = State::between;
    return {Outcome::complete, static_cast<std::size_t>(llhttp_get_error_pos(&parser_) - bytes.data())};
  }
  state_ = State::broken;
  if (outcome_ == Outcome::need_more) outcome_ = Outcome::malformed;
  return {outcome_, bytes.size()};
}

bool RequestParser::take_continue() {
  return std::exchange(continue_due_, false);
}

void RequestParser::WordMatch::add(std::string_view piece, std::string_view word) {
  for (const char c : piece) {
    if (differs) return;
    differs = matched == word.size() || lower(c) != word[matched];
    if (!differs) ++matched;
  }
}

}  // namespace saturn
