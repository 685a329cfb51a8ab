#include "core/plan/request_template.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/prng.hpp"

namespace saturn {
namespace {

constexpr std::size_t kMaxDigits = 20;  // of a 64-bit number, sign included
constexpr std::string_view kLengthName = "Content-Length: ";
constexpr std::string_view kLineEnd = "\r\n";

std::size_t digits_of(std::int64_t value) {
  std::array<char, kMaxDigits> out;
  return static_cast<std::size_t>(std::to_chars(out.data(), out.data() + out.size(), value).ptr - out.data());
}

std::size_t longest(const Piece& piece) {
  switch (piece.kind) {
    case Piece::Kind::literal:
      return piece.length;
    case Piece::Kind::random_int:  // the number of digits grows away from zero, so an end is the longest
      return std::max(digits_of(piece.low), digits_of(piece.high));
    case Piece::Kind::seq:
    case Piece::Kind::vu:
    case Piece::Kind::iteration:
      return kMaxDigits;
  }
  return kMaxDigits;
}

std::size_t longest(const std::vector<Piece>& pieces) {
  std::size_t sum = 0;
  for (const auto& piece : pieces) sum += longest(piece);
  return sum;
}

bool all_literal(const std::vector<Piece>& pieces) {
  return std::all_of(pieces.begin(), pieces.end(),
                     [](const Piece& piece) { return piece.kind == Piece::Kind::literal; });
}

/// Writes the number a piece stands for and returns the end of it.
char* write_value(const Piece& piece, const Coordinates& at, char* out) {
  char* const limit = out + kMaxDigits;
  switch (piece.kind) {
    case Piece::Kind::literal:
      break;
    case Piece::Kind::random_int: {
      const auto random = draw(at.seed, at.scenario, at.seq, piece.draw_index);
      return std::to_chars(out, limit, in_range(random, piece.low, piece.high)).ptr;
    }
    case Piece::Kind::seq:
      return std::to_chars(out, limit,
                           static_cast<std::int64_t>(static_cast<std::uint64_t>(piece.low) + at.seq - 1))
          .ptr;
    case Piece::Kind::vu:
      return std::to_chars(out, limit, at.vu).ptr;
    case Piece::Kind::iteration:
      return std::to_chars(out, limit, at.iteration).ptr;
  }
  return out;
}

char* append(char* out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* write_pieces(const std::vector<Piece>& pieces, const std::string& text, const Coordinates& at,
                   char* out) {
  for (const auto& piece : pieces) {
    if (piece.kind == Piece::Kind::literal) {
      out = append(out, std::string_view(text).substr(piece.offset, piece.length));
      continue;
    }
    std::array<char, kMaxDigits> value;  // by way of a buffer of its own: `out` may end after fewer digits
    const char* const end = write_value(piece, at, value.data());
    out = append(out, {value.data(), static_cast<std::size_t>(end - value.data())});
  }
  return out;
}

/// The values of a body, written before its length is: one text and where each value ends in it.
struct BodyValues {
  std::array<char, RequestTemplate::kMaxValues * kMaxDigits> text;
  std::array<std::uint16_t, RequestTemplate::kMaxValues> ends;
};

std::size_t write_values(const std::vector<Piece>& body, const Coordinates& at, BodyValues& values) {
  std::size_t body_bytes = 0, used = 0, count = 0;
  for (const auto& piece : body) {
    if (piece.kind == Piece::Kind::literal) {
      body_bytes += piece.length;
      continue;
    }
    const char* const end = write_value(piece, at, values.text.data() + used);
    const auto now_used = static_cast<std::size_t>(end - values.text.data());
    body_bytes += now_used - used;
    used = now_used;
    values.ends[count++] = static_cast<std::uint16_t>(used);
  }
  return body_bytes;
}

char* write_body(const std::vector<Piece>& body, const std::string& text, const BodyValues& values,
                 char* out) {
  std::size_t used = 0, count = 0;
  for (const auto& piece : body) {
    if (piece.kind == Piece::Kind::literal) {
      out = append(out, std::string_view(text).substr(piece.offset, piece.length));
      continue;
    }
    const std::size_t end = values.ends[count++];
    out = append(out, {values.text.data() + used, end - used});
    used = end;
  }
  return out;
}

}  // namespace

RequestTemplate::RequestTemplate(std::string text, std::vector<Piece> head, std::vector<Piece> body,
                                 bool has_body)
    : text_(std::move(text)), head_(std::move(head)), body_(std::move(body)), has_body_(has_body) {
  const auto dynamic = [](const Piece& piece) { return piece.kind != Piece::Kind::literal; };
  const auto values =
      std::count_if(head_.begin(), head_.end(), dynamic) + std::count_if(body_.begin(), body_.end(), dynamic);
  SATURN_ASSERT(static_cast<std::size_t>(values) <= kMaxValues);
  SATURN_ASSERT(has_body_ || body_.empty());

  static_ = all_literal(head_) && all_literal(body_);
  max_body_bytes_ = longest(body_);
  max_bytes_ = longest(head_) + kLineEnd.size() + max_body_bytes_;
  if (has_body_) max_bytes_ += kLengthName.size() + kMaxDigits + kLineEnd.size();
  if (!static_) return;

  static_ = false;  // rendered once the long way, then copied
  rendered_.resize(max_bytes_);
  rendered_.resize(render(Coordinates{}, rendered_));
  body_offset_ = rendered_.size() - max_body_bytes_;
  max_bytes_ = rendered_.size();
  static_ = true;
}

std::size_t RequestTemplate::render(const Coordinates& at, std::span<char> out) const noexcept {
  SATURN_ASSERT(out.size() >= max_bytes_);
  char* const start = out.data();
  if (static_) return static_cast<std::size_t>(append(start, rendered_) - start);

  char* end = write_pieces(head_, text_, at, start);
  if (!has_body_) return static_cast<std::size_t>(append(end, kLineEnd) - start);

  BodyValues values;
  const std::size_t body_bytes = write_values(body_, at, values);
  end = append(end, kLengthName);
  end = std::to_chars(end, end + kMaxDigits, body_bytes).ptr;
  end = append(append(end, kLineEnd), kLineEnd);
  end = write_body(body_, text_, values, end);
  return static_cast<std::size_t>(end - start);
}

std::size_t RequestTemplate::render_body(const Coordinates& at, std::span<char> out) const noexcept {
  SATURN_ASSERT(out.size() >= max_body_bytes_);
  char* const start = out.data();
  char* const end = static_ ? append(start, std::string_view(rendered_).substr(body_offset_))
                            : write_pieces(body_, text_, at, start);
  return static_cast<std::size_t>(end - start);
}

}  // namespace saturn
