// A request compiled from a Step: literal bytes and dynamic values ({{random_int}}, {{seq}}, {{vu}},
// {{iteration}}). Rendering is a pure function of the coordinates, so a request can be rendered again (retry,
// json_equals_request) instead of being kept. render() allocates nothing: values are written first, then
// Content-Length, then the bytes. Owner: whoever compiles; read-only during a run. Tested in
// tests/unit/request_template_test.cpp.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace saturn {

/// The coordinates of one exchange: everything dynamic in its request follows from these.
struct Coordinates {
  std::uint64_t seed = 0;
  std::uint32_t scenario = 0;
  std::uint64_t seq = 0;        ///< 1-based, unique in the scenario
  std::uint64_t vu = 0;         ///< 0-based, over all shards; {{vu}} prints it as it is
  std::uint64_t iteration = 0;  ///< 0-based, of this VU
};

struct Piece {
  enum class Kind : std::uint8_t { literal, random_int, seq, vu, iteration };
  Kind kind = Kind::literal;
  std::uint32_t offset = 0, length = 0;  ///< literal: into the text
  std::int64_t low = 0, high = 0;        ///< random_int: bounds; seq: low is the offset added to seq - 1
  std::uint32_t draw_index = 0;          ///< random_int: number of the draw, unique in the iteration
};

class RequestTemplate {
 public:
  static constexpr std::size_t kMaxValues = 64;  ///< dynamic values in one request; compile refuses more

  RequestTemplate() = default;
  /// `head` ends before the blank line and has no Content-Length; `has_body` adds "Content-Length: N".
  RequestTemplate(std::string text, std::vector<Piece> head, std::vector<Piece> body, bool has_body);

  bool is_static() const { return static_; }
  std::string_view static_bytes() const { return rendered_; }  ///< the whole request when is_static()
  std::size_t max_bytes() const { return max_bytes_; }         ///< of a rendered request
  std::size_t max_body_bytes() const { return max_body_bytes_; }
  /// Writes the request, returns its length; `out` has max_bytes().
  std::size_t render(const Coordinates& at, std::span<char> out) const noexcept;
  /// Writes only the body, returns its length; `out` has max_body_bytes().
  std::size_t render_body(const Coordinates& at, std::span<char> out) const noexcept;

 private:
  std::string text_, rendered_;
  std::vector<Piece> head_, body_;
  bool has_body_ = false, static_ = true;
  std::size_t max_bytes_ = 0, max_body_bytes_ = 0;
  std::size_t body_offset_ = 0;  ///< of the body in rendered_
};

}  // namespace saturn
