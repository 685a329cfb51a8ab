#include "core/json/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace saturn::json {

Value::Value() = default;
Value::Value(bool value) : data_(value) {}
Value::Value(std::int64_t value) : data_(value) {}
Value::Value(std::uint64_t value) : data_(value) {}
Value::Value(double value) : data_(value) {}
Value::Value(std::string value) : data_(std::move(value)) {}
Value::Value(const char* value) : data_(std::string(value)) {}
Value::Value(Array value) : data_(std::move(value)) {}
Value::Value(Object value) : data_(std::move(value)) {}
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

std::optional<std::int64_t> Value::as_int64() const {
  if (const auto* value = std::get_if<std::int64_t>(&data_)) return *value;
  const auto* value = std::get_if<std::uint64_t>(&data_);
  if (value == nullptr || *value > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  return static_cast<std::int64_t>(*value);
}

std::optional<std::uint64_t> Value::as_uint64() const {
  if (const auto* value = std::get_if<std::uint64_t>(&data_)) return *value;
  const auto* value = std::get_if<std::int64_t>(&data_);
  if (value == nullptr || *value < 0) return std::nullopt;
  return static_cast<std::uint64_t>(*value);
}

std::optional<double> Value::as_double() const {
  if (const auto* value = std::get_if<double>(&data_)) return *value;
  if (const auto* value = std::get_if<std::int64_t>(&data_)) return static_cast<double>(*value);
  if (const auto* value = std::get_if<std::uint64_t>(&data_)) return static_cast<double>(*value);
  return std::nullopt;
}

const Value* Value::find(std::string_view key) const {
  const auto* object = as_object();
  if (object == nullptr) return nullptr;
  for (const auto& member : *object)
    if (member.key == key) return &member.value;
  return nullptr;
}

std::string_view Value::type_name() const {
  static constexpr std::string_view kNames[] = {"null",     "a boolean", "a number", "a number",
                                                "a number", "a string",  "an array", "an object"};
  return kNames[data_.index()];
}

std::string pointer_token(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

const Value* at_pointer(const Value& root, std::string_view pointer) {
  const Value* at = &root;
  while (!pointer.empty() && at != nullptr) {
    const auto end = std::min(pointer.find('/', 1), pointer.size());
    const auto token = pointer.substr(1, end - 1);
    const Value* next = nullptr;
    if (const auto* items = at->as_array()) {
      std::size_t index = items->size();
      std::from_chars(token.data(), token.data() + token.size(), index);
      if (index < items->size()) next = &(*items)[index];
    } else if (const auto* members = at->as_object()) {
      for (const auto& member : *members)
        if (pointer_token(member.key) == token) next = &member.value;
    }
    at = next;
    pointer.remove_prefix(end);
  }
  return at;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20)
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        else
          out += c;
    }
  }
  return out += '"';
}

namespace {

struct Writer {
  std::string& out;

  void operator()(std::monostate) { out += "null"; }
  void operator()(bool value) { out += value ? "true" : "false"; }
  void operator()(std::int64_t value) { out += std::to_string(value); }
  void operator()(std::uint64_t value) { out += std::to_string(value); }
  void operator()(double value) {
    char text[32];
    const auto* end = std::to_chars(std::begin(text), std::end(text), value).ptr;
    const std::string_view shortest(text, static_cast<std::size_t>(end - text));
    out += shortest;
    if (shortest.find_first_of(".e") == std::string_view::npos) out += ".0";  // stays a double when read back
  }
  void operator()(const std::string& value) { out += quoted(value); }
  void operator()(const Array& items) {
    out += '[';
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out += ',';
      write(items[i], out);
    }
    out += ']';
  }
  void operator()(const Object& members) {
    out += '{';
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out += ',';
      out += quoted(members[i].key) + ":";
      write(members[i].value, out);
    }
    out += '}';
  }
};

}  // namespace

void write(const Value& value, std::string& out) {
  std::visit(Writer{out}, value.data_);
}

std::string to_text(const Value& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace saturn::json
