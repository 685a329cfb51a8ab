// Renders answers into a connection's output: heads of every framing, JSON texts, the date. Pure, no
// allocation beyond the output's growth. Tested in tests/unit/target_response_test.cpp.
#pragma once
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

#include "core/http/request_parser.hpp"

namespace saturn::target {

std::string_view reason(int status);
std::string http_date(std::time_t now);  ///< "Sun, 06 Nov 1994 08:49:37 GMT"
constexpr bool has_no_body(int status) {
  return status == 204 || status == 304;
}

inline constexpr std::uint64_t kLeastFiller = 8192;  ///< below, a copy costs less than a call of its own
inline constexpr std::string_view kJson = "application/json";
inline constexpr std::string_view kBinary = "application/octet-stream";

/// The answer to one request: knows what that request allows (HEAD, HTTP/1.0) and that the connection ends.
class Reply {
 public:
  enum class Framing : std::uint8_t { length, chunked, until_close };

  Reply(std::string& out, const Request& request, std::string_view date, bool closes)
      : out_(out),
        date_(date),
        head_only_(request.method == Method::head),
        http_1_0_(request.http_1_0),
        closes_(closes) {}

  /// A whole answer with Content-Length.
  void whole(int status, std::string_view bytes, std::string_view type = kJson);
  /// {"detail": ...}, the words escaped.
  void detail(int status, std::string_view words);
  /// The head alone; `length` is used by Framing::length.
  void head(int status, std::string_view type, Framing framing, std::uint64_t length);
  /// One more header line ("Allow: GET"), to be said before the head is written.
  void add_header(std::string_view line) { extra_header_ = line; }
  /// Bytes of a body; nothing where the request was HEAD.
  void body(std::string_view bytes);
  /// So many 'x'. From kLeastFiller on they are left to who sends, see filler(): the end of the answer.
  void body_filler(std::uint64_t count);
  std::uint64_t filler() const { return filler_; }
  void chunks(std::uint64_t count, std::uint64_t chunk_bytes);
  /// Bytes as they are, HEAD or not.
  void raw(std::string_view bytes) { out_ += bytes; }
  void closes() { closes_ = true; }

 private:
  std::string& out_;
  std::string_view date_, extra_header_;
  bool head_only_, http_1_0_, closes_;
  std::uint64_t filler_ = 0;
};

void append_number(std::string& out, std::uint64_t number, int base = 10);
void append_json_text(std::string& out, std::string_view text);  ///< with quotes and escapes
void append_item(std::string& out, std::int64_t id, std::string_view name,
                 std::optional<std::string_view> description, double price);

}  // namespace saturn::target
