// Incremental HTTP/1.1 request parser: bytes in, whole requests out, over llhttp (its only user on the
// target's side). One per connection; target and body keep their capacity, so that a warm connection
// allocates nothing. Content-Length and chunked bodies, pipelining (feed stops behind each request),
// keep-alive as RFC 9112 says. An upgrade is not taken: the request is answered as if nobody had asked.
// Tested in tests/unit/request_parser_test.cpp: every case re-fed at every split point.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include <llhttp.h>

namespace saturn {

enum class Method : std::uint8_t { get, head, post, put, del, patch, options, other };
inline constexpr std::size_t kMethods = 8;
std::string_view to_name(Method method);  ///< "GET"; "OTHER" for the ones that have no place here

struct Request {
  Method method = Method::other;
  std::string target;  ///< as sent: path and query
  std::string body;    ///< without its chunk framing
  bool keep_alive = true;
  bool http_1_0 = false;
};

class RequestParser {
 public:
  struct Limits {
    std::size_t head_bytes = 65536;
    std::size_t body_bytes = 16U << 20;
  };
  enum class Outcome : std::uint8_t { need_more, complete, malformed, head_too_large, body_too_large };
  struct Step {
    Outcome outcome;
    std::size_t consumed;  ///< bytes of the input that belong to this request (all of it unless complete)
  };

  explicit RequestParser(Limits limits);
  RequestParser() : RequestParser(Limits{}) {}
  RequestParser(const RequestParser&) = delete;  // llhttp points back at it
  RequestParser& operator=(const RequestParser&) = delete;

  /// After `complete` the next feed begins a new request; after an error only restart() does.
  Step feed(std::span<const char> bytes);
  void restart();

  const Request& request() const { return request_; }  ///< valid from `complete` to the next feed
  bool started() const { return state_ == State::under_way; }
  /// True once, when the head said `Expect: 100-continue` and no byte of the body has come.
  bool take_continue();

 private:
  friend struct RequestCallbacks;
  enum class State : std::uint8_t { between, under_way, broken };
  /// Recognises one word, ignoring case, that may come in pieces.
  struct WordMatch {
    std::size_t matched = 0;
    bool differs = false;
    void add(std::string_view piece, std::string_view word);
    bool is(std::string_view word) const { return !differs && matched == word.size(); }
  };

  llhttp_t parser_;
  Limits limits_;
  Request request_;
  State state_ = State::between;
  Outcome outcome_ = Outcome::need_more;
  std::size_t head_bytes_ = 0;
  WordMatch field_, value_;
  bool expects_continue_ = false, continue_due_ = false;
};

}  // namespace saturn
