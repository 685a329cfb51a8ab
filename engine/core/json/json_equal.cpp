#include "core/json/json_equal.hpp"

#include <simdjson.h>

namespace saturn {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kMaxDepth = 64;

/// An integer and a float are equal when the float is exactly that integer; two integers are compared as
/// integers.
bool same_number(dom::element a, dom::element b) {
  const bool a_integer = a.is<std::int64_t>() || a.is<std::uint64_t>(),
             b_integer = b.is<std::int64_t>() || b.is<std::uint64_t>();
  if (a_integer && b_integer) {
    if (a.is<std::int64_t>() != b.is<std::int64_t>()) return false;  // one of them is above INT64_MAX
    return a.is<std::int64_t>() ? a.get_int64().value_unsafe() == b.get_int64().value_unsafe()
                                : a.get_uint64().value_unsafe() == b.get_uint64().value_unsafe();
  }
  if (!a_integer && !b_integer) return a.get_double().value_unsafe() == b.get_double().value_unsafe();
  const dom::element integer = a_integer ? a : b;
  const double real = (a_integer ? b : a).get_double().value_unsafe();
  if (integer.is<std::int64_t>()) {
    const std::int64_t exact = integer.get_int64().value_unsafe();
    return real >= -9223372036854775808.0 && real < 9223372036854775808.0 &&
           static_cast<std::int64_t>(real) == exact && static_cast<double>(exact) == real;
  }
  const std::uint64_t exact = integer.get_uint64().value_unsafe();
  return real >= 0 && real < 18446744073709551616.0 && static_cast<std::uint64_t>(real) == exact &&
         static_cast<double>(exact) == real;
}

bool same(dom::element a, dom::element b);

bool same_array(dom::array a, dom::array b) {
  auto left = a.begin(), right = b.begin();
  for (; left != a.end() && right != b.end(); ++left, ++right)
    if (!same(*left, *right)) return false;
  return !(left != a.end()) && !(right != b.end());
}

std::size_t times(dom::object object, std::string_view key) {
  std::size_t found = 0;
  for (auto field = object.begin(); field != object.end(); ++field) found += field.key() == key ? 1U : 0U;
  return found;
}

/// A key that stands twice on either side makes the objects different.
bool same_object(dom::object a, dom::object b) {
  for (auto field = b.begin(); field != b.end(); ++field)
    if (times(a, field.key()) != 1) return false;
  for (auto field = a.begin(); field != a.end(); ++field) {
    if (times(b, field.key()) != 1) return false;
    for (auto other = b.begin(); other != b.end(); ++other)
      if (other.key() == field.key() && !same(field.value(), other.value())) return false;
  }
  return true;
}

bool same(dom::element a, dom::element b) {
  if (a.is_number() && b.is_number()) return same_number(a, b);
  if (a.type() != b.type()) return false;
  switch (a.type()) {
    case dom::element_type::ARRAY:
      return same_array(a.get_array().value_unsafe(), b.get_array().value_unsafe());
    case dom::element_type::OBJECT:
      return same_object(a.get_object().value_unsafe(), b.get_object().value_unsafe());
    case dom::element_type::STRING:
      return a.get_string().value_unsafe() == b.get_string().value_unsafe();
    case dom::element_type::BOOL:
      return a.get_bool().value_unsafe() == b.get_bool().value_unsafe();
    default:
      return true;  // null
  }
}

}  // namespace

struct JsonComparer::State {
  std::size_t capacity;
  dom::parser left, right;
};

JsonComparer::JsonComparer(std::size_t capacity_bytes) : state_(std::make_unique<State>()) {
  state_->capacity = capacity_bytes;
  for (dom::parser* parser : {&state_->left, &state_->right}) {
    if (parser->allocate(capacity_bytes + kPadding, kMaxDepth) != simdjson::SUCCESS) state_->capacity = 0;
    // The document's tape grows at the first parse: let that happen here, not in a turn.
    if (parser->doc.allocate(capacity_bytes + kPadding) != simdjson::SUCCESS) state_->capacity = 0;
  }
}

JsonComparer::~JsonComparer() = default;
JsonComparer::JsonComparer(JsonComparer&&) noexcept = default;
JsonComparer& JsonComparer::operator=(JsonComparer&&) noexcept = default;

bool JsonComparer::equal(std::span<const char> a, std::span<const char> b) noexcept {
  if (a.empty() || b.empty() || a.size() > state_->capacity || b.size() > state_->capacity) return false;
  dom::element left, right;
  if (state_->left.parse(a.data(), a.size(), false).get(left) != simdjson::SUCCESS) return false;
  if (state_->right.parse(b.data(), b.size(), false).get(right) != simdjson::SUCCESS) return false;
  return same(left, right);
}

}  // namespace saturn
