// Feeds one response case to the parser whole, in two pieces at every split point, and byte by byte, each
// with llhttp alone and with a cache that has seen the same answer: the outcome must be the same each time.
// Used by the response parser's unit tests.
#pragma once
#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/response_parser.hpp"

namespace saturn {

using Outcome = ResponseParser::Outcome;
inline constexpr std::uint32_t kMaxHead = 256;

struct Case {
  const char* name;
  std::string response;  ///< bytes that belong to the response
  Outcome outcome = Outcome::complete;
  int status = 200;
  bool keep_alive = true;
  std::string body = {};
  std::string rest = {};  ///< bytes after it, which must stay unconsumed
  bool head_method = false;
  bool closes = false;  ///< the peer closes after the bytes
};

struct Seen {
  Outcome outcome = Outcome::need_more;
  int status = 0;
  bool keep_alive = true;
  std::string body;
  std::size_t consumed = 0;

  bool operator==(const Seen&) const = default;
  friend std::ostream& operator<<(std::ostream& out, const Seen& seen) {
    return out << "outcome " << static_cast<int>(seen.outcome) << ", status " << seen.status
               << ", keep_alive " << seen.keep_alive << ", body '" << seen.body << "', consumed "
               << seen.consumed;
  }
};

/// Feeds the pieces until the parser is through; each piece meets a copy of the parser at another address.
inline Seen parse(const Case& c, const std::vector<std::string_view>& pieces, HeadCache* cache = nullptr) {
  std::array<char, 4096> storage{};
  ResponseParser::BodySink sink{storage.data(), storage.size(), 0};
  std::vector<ResponseParser> parsers(1, ResponseParser(kMaxHead));
  parsers.back().start(c.head_method, &sink, cache);
  Seen seen;
  for (const std::string_view piece : pieces) {
    parsers.push_back(parsers.back());
    const auto step = parsers.back().feed(piece);
    seen.outcome = step.outcome;
    seen.consumed += step.consumed;
    if (step.outcome != Outcome::need_more) break;
  }
  ResponseParser& last = parsers.back();
  if (c.closes && seen.outcome == Outcome::need_more) seen.outcome = last.end_of_stream();
  if (seen.outcome == Outcome::complete) {
    seen.status = last.head().status;
    seen.keep_alive = last.head().keep_alive;
    seen.body.assign(storage.data(), sink.size);
  }
  return seen;
}

inline void expect_same_at_every_split(const Case& c) {
  SCOPED_TRACE(c.name);
  const std::string input = c.response + c.rest;
  const std::string_view all = input;
  Seen wanted{c.outcome, 0, true, {}, c.response.size()};
  if (c.outcome == Outcome::complete) wanted = {c.outcome, c.status, c.keep_alive, c.body, c.response.size()};
  const bool consumed_is_exact = c.outcome == Outcome::complete || c.outcome == Outcome::need_more;
  const auto check = [&](const std::vector<std::string_view>& pieces, std::size_t split) {
    HeadCache known;
    parse(c, {all}, &known);
    for (HeadCache* cache : {static_cast<HeadCache*>(nullptr), &known}) {
      Seen seen = parse(c, pieces, cache);
      if (!consumed_is_exact) seen.consumed = wanted.consumed;  // an error may show before the last byte
      ASSERT_EQ(seen, wanted) << "split at " << split << (cache != nullptr ? ", its head known" : "");
    }
  };
  check({all}, 0);
  for (std::size_t split = 1; split < all.size(); ++split)
    check({all.substr(0, split), all.substr(split)}, split);
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < all.size(); ++i) bytes.push_back(all.substr(i, 1));
  check(bytes, 1);
}

inline std::string ok(const std::string& headers, const std::string& body = {}) {
  return "HTTP/1.1 200 OK\r\n" + headers + "\r\n" + body;
}

inline const std::string kNext = "HTTP/1.1 500 Next\r\nContent-Length: 1\r\n\r\nx";
inline const std::string kChunked = "Transfer-Encoding: chunked\r\n";

}  // namespace saturn
