// Incremental HTTP/1.1 response parser: bytes in, events out, over llhttp (its only user on the engine's
// side). One per connection, no allocation, may be copied or moved between calls. Answers are framed as
// RFC 9112 says: 1xx skipped, 204/304 and HEAD without body, Content-Length, chunked, or until the connection
// closes; what is ambiguous there is malformed here. With a HeadCache, an answer whose head is known is only
// counted: the same events without llhttp. Tested in tests/unit/response_parser_test.cpp and
// response_fast_path_test.cpp: every case re-fed at every split point.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

#include <llhttp.h>

#include "core/http/head_cache.hpp"

namespace saturn {

struct ResponseHead {
  int status = 0;
  bool keep_alive = true;  ///< the connection may carry another request
};

class ResponseParser {
 public:
  enum class Outcome : std::uint8_t { need_more, complete, malformed, head_too_large };
  struct Step {
    Outcome outcome;
    std::size_t consumed;  ///< bytes of the input that belong to this response (all of it unless complete)
  };
  /// Where body bytes go when a check needs them: up to capacity, `size` keeps counting past it.
  struct BodySink {
    char* data = nullptr;
    std::size_t capacity = 0;
    std::size_t size = 0;

    void append(const char* at, std::size_t length) noexcept;
  };

  /// Interim (1xx) heads count towards `max_head_bytes` too: a server can't keep an exchange open with them.
  explicit ResponseParser(std::uint32_t max_head_bytes = 65536);

  /// Before each response. `head_method`: answers a HEAD request. `sink` may be null (body bytes are then not
  /// looked at). `cache`: where the head of such answers is kept, for as long as this one is read.
  void start(bool head_method, BodySink* sink, HeadCache* cache = nullptr) noexcept;
  /// Not again after `complete` without start(); `malformed` and `head_too_large` stay until start().
  Step feed(std::span<const char> bytes) noexcept;
  /// The peer closed its side: completes a close-delimited body, otherwise need_more (the response is cut
  /// short).
  Outcome end_of_stream() noexcept;

  const ResponseHead& head() const { return head_; }
  bool started() const { return started_; }  ///< at least one byte of this response has arrived

  /// Body bytes of this response that are still to come and that nobody will look at; 0 where that is not
  /// known.
  std::uint64_t body_left() const noexcept;
  /// So many of them were dropped unseen; at least one is still to be fed, which completes the response.
  void skip(std::uint64_t bytes) noexcept;

 private:
  friend struct ResponseCallbacks;
  std::size_t feed_some(std::span<const char> bytes) noexcept;
  Step count_body(std::span<const char> bytes, std::size_t begin) noexcept;
  void next_message() noexcept;

  llhttp_t parser_{};
  ResponseHead head_;
  BodySink* sink_ = nullptr;
  HeadCache* cache_ = nullptr;
  std::uint64_t body_bytes_ = 0;  ///< by Content-Length; what is left of it where the head was known
  std::uint32_t head_bytes_ = 0, max_head_bytes_;
  Outcome outcome_ = Outcome::need_more;
  bool head_method_ = false, started_ = false, at_message_start_ = true, head_done_ = false;
  bool head_known_ = false;    ///< found in the cache: llhttp sees nothing of this response
  bool head_lasting_ = false;  ///< there is a cache, and the head is of the kind that it may keep
};

}  // namespace saturn
