// JSON as a tree of values, for files that are read once: plans, studies, results. Order of keys is kept,
// duplicate keys are errors, integers are exact. Part of the only user of simdjson. Pure; tested in
// tests/unit/json_value_test.cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "saturn/error.hpp"

namespace saturn::json {

class Value;
struct Member;
using Array = std::vector<Value>;
using Object = std::vector<Member>;

class Value {
 public:
  Value();  ///< null
  explicit Value(bool value);
  explicit Value(std::int64_t value);
  explicit Value(std::uint64_t value);  ///< parse() uses it only above INT64_MAX
  explicit Value(double value);
  explicit Value(std::string value);
  explicit Value(const char* value);
  explicit Value(Array value);
  explicit Value(Object value);
  // Written out in value.cpp, where Member is complete.
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  bool is_null() const { return data_.index() == 0; }
  // Each gives null (no value) when the value is of another type.
  const bool* as_bool() const { return std::get_if<bool>(&data_); }
  const std::string* as_string() const { return std::get_if<std::string>(&data_); }
  const Array* as_array() const { return std::get_if<Array>(&data_); }
  const Object* as_object() const { return std::get_if<Object>(&data_); }
  std::optional<std::int64_t> as_int64() const;    ///< an integer in the range (1.0 is none)
  std::optional<std::uint64_t> as_uint64() const;  ///< an integer in the range
  std::optional<double> as_double() const;         ///< any number, integers converted

  /// The member of an object; nullptr when there is none or this is no object.
  const Value* find(std::string_view key) const;

  /// "a string", "an object": for messages.
  std::string_view type_name() const;

 private:
  friend void write(const Value& value, std::string& out);
  std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string, Array, Object> data_;
};

struct Member {
  std::string key;
  Value value;
};

inline constexpr unsigned kMaxDepth = 64;  ///< of arrays and objects in each other

/// Syntax errors carry "line L, column C" in the message, duplicate keys their JSON pointer as place.
Result<Value> parse(std::string_view text);

/// Minified; keys in their order, doubles always with a point or an exponent.
std::string to_text(const Value& value);

/// `text` as a JSON string with its quotes.
std::string quoted(std::string_view text);

bool is_utf8(std::string_view text);  ///< quoted() gives JSON only for text that is

/// The value at a JSON pointer ("/flow/0/get"); nullptr when there is none.
const Value* at_pointer(const Value& root, std::string_view pointer);

/// A key as part of a JSON pointer: ~ and / escaped.
std::string pointer_token(std::string_view key);

}  // namespace saturn::json
