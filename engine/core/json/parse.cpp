// Text → Value, on simdjson's on-demand reader: it finds the structure and the places of errors, the tree is
// built here. Tested in tests/unit/json_value_test.cpp.
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/json/value.hpp"

namespace saturn::json {
namespace {

namespace ondemand = simdjson::ondemand;

std::string line_and_column(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto line_start = before.rfind('\n');  // npos + 1 is 0
  const auto in_line = before.substr(line_start + 1);
  const auto column = std::count_if(in_line.begin(), in_line.end(),
                                    [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }) +
                      1;  // characters, not bytes
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

Errors syntax_error(std::string_view text, std::size_t offset, std::string_view what) {
  return {Error{{}, "not JSON: " + line_and_column(text, offset) + ": " + std::string(what), {}}};
}

/// Where the text breaks the rules of strings: the start of the first one that is not closed on its line.
std::size_t unclosed_string(std::string_view text) {
  std::size_t start = 0;
  bool inside = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!inside) {
      inside = text[i] == '"';
      start = i;
    } else if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      inside = false;
    } else if (static_cast<unsigned char>(text[i]) < 0x20) {
      return start;
    }
  }
  return start;
}

/// The start of the first line that is not UTF-8.
std::size_t bad_line(std::string_view text) {
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find('\n', start), text.size());
    if (!simdjson::validate_utf8(text.data() + start, end - start)) return start;
    start = end + 1;
  }
  return 0;
}

std::string_view trimmed(std::string_view token) {
  const auto last = token.find_last_not_of(" \t\r\n");
  return token.substr(0, last + 1);  // npos + 1 is 0
}

void skip_digits(std::string_view& rest) {
  rest.remove_prefix(std::min(rest.find_first_not_of("0123456789"), rest.size()));
}

bool skip(std::string_view& rest, std::string_view any_of) {
  if (rest.empty() || any_of.find(rest.front()) == std::string_view::npos) return false;
  rest.remove_prefix(1);
  return true;
}

enum class NumberKind : std::uint8_t { none, integer, real };

/// JSON's grammar of numbers: narrower than from_chars, which would take "01", "1." and "inf".
NumberKind kind_of_number(std::string_view token) {
  const auto digits = [&token] {
    const auto before = token.size();
    skip_digits(token);
    return before - token.size();
  };
  skip(token, "-");
  const bool leading_zero = !token.empty() && token.front() == '0';
  const auto whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return NumberKind::none;
  if (token.empty()) return NumberKind::integer;
  if (skip(token, ".") && digits() == 0) return NumberKind::none;
  if (skip(token, "eE")) {
    skip(token, "+-");
    if (digits() == 0) return NumberKind::none;
  }
  return token.empty() ? NumberKind::real : NumberKind::none;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), padded_(text) {}

  Result<Value> run() {
    if (text_.find_first_not_of(" \t\r\n") == std::string_view::npos)
      return Errors{Error{{}, "not JSON: the text is empty", {}}};
    if (const auto code = parser_.iterate(padded_).get(document_)) return structural(code);
    Value root;
    if (!read_root(root)) return errors_;
    if (!errors_.empty()) return errors_;
    return root;
  }

 private:
  Errors structural(simdjson::error_code code) const {
    if (code == simdjson::UTF8_ERROR) return syntax_error(text_, bad_line(text_), "this line is not UTF-8");
    if (code == simdjson::UNCLOSED_STRING || code == simdjson::UNESCAPED_CHARS)
      return syntax_error(text_, unclosed_string(text_),
                          "a string that begins here is not closed on its line");
    return {Error{{}, std::string("not JSON: ") + simdjson::error_message(code), {}}};
  }

  /// The first error ends the reading: what follows it could not be trusted.
  bool fail(std::string_view what) {
    const char* at = nullptr;
    std::size_t offset = text_.size();
    if (document_.current_location().get(at) == simdjson::SUCCESS)
      offset = std::min(static_cast<std::size_t>(at - padded_.data()), text_.size());
    errors_ = syntax_error(text_, offset, what);
    return false;
  }
  bool fail(simdjson::error_code code) {
    if (code != simdjson::INCOMPLETE_ARRAY_OR_OBJECT) return fail(simdjson::error_message(code));
    // It ended too early: newer versions of the library point at its beginning.
    errors_ = syntax_error(text_, text_.size(), simdjson::error_message(code));
    return false;
  }

  bool read_root(Value& out) {
    const auto first = text_[text_.find_first_not_of(" \t\r\n")];
    if (first == '{' || first == '[') {
      ondemand::value root;
      if (const auto code = document_.get_value().get(root)) return fail(code);
      if (!read(root, 1, {}, out)) return false;
    } else if (first == '"') {
      std::string_view text;
      if (const auto code = document_.get_string().get(text)) return fail(code);
      out = Value(std::string(text));
    } else {
      return read_scalar(trimmed(text_.substr(text_.find(first))), {}, out);
    }
    const bool at_end = document_.current_location().error() == simdjson::OUT_OF_BOUNDS;
    return at_end || fail("something follows the end of the document");
  }

  bool read_scalar(std::string_view token, const std::string& place, Value& out) {
    if (token == "null") return true;
    if (token == "true" || token == "false") {
      out = Value(token == "true");
      return true;
    }
    const auto kind = kind_of_number(token);
    if (kind == NumberKind::none)
      return fail("\"" + std::string(token.substr(0, 40)) + "\" is not a JSON value");
    const char* const end = token.data() + token.size();
    std::int64_t negative = 0;
    std::uint64_t positive = 0;
    double real = 0;
    const bool integer = kind == NumberKind::integer;
    if (integer && std::from_chars(token.data(), end, negative).ec == std::errc{}) {
      out = Value(negative);
    } else if (integer && std::from_chars(token.data(), end, positive).ec == std::errc{}) {
      out = Value(positive);
    } else if (!integer && std::from_chars(token.data(), end, real).ec == std::errc{}) {
      out = Value(real);
    } else {
      errors_.push_back({place, std::string(token.substr(0, 40)) + " is out of range",
                         integer ? "integers have 64 bits" : "numbers are doubles"});
    }
    return true;
  }

  bool read(ondemand::value source, unsigned depth, const std::string& place, Value& out) {
    ondemand::json_type type{};
    if (const auto code = source.type().get(type)) return fail(code);
    switch (type) {
      case ondemand::json_type::object:
        return read_object(source, depth, place, out);
      case ondemand::json_type::array:
        return read_array(source, depth, place, out);
      case ondemand::json_type::string: {
        std::string_view text;
        if (const auto code = source.get_string().get(text)) return fail(code);
        out = Value(std::string(text));
        return true;
      }
      default:
        return read_scalar(trimmed(source.raw_json_token()), place, out);
    }
  }

  bool read_array(ondemand::value source, unsigned depth, const std::string& place, Value& out) {
    if (depth > kMaxDepth) return fail("nested too deeply");
    ondemand::array array;
    if (const auto code = source.get_array().get(array)) return fail(code);
    Array items;
    for (auto result : array) {
      ondemand::value item;
      if (const auto code = result.get(item)) return fail(code);
      items.emplace_back();
      if (!read(item, depth + 1, place + "/" + std::to_string(items.size() - 1), items.back())) return false;
    }
    out = Value(std::move(items));
    return true;
  }

  bool read_object(ondemand::value source, unsigned depth, const std::string& place, Value& out) {
    if (depth > kMaxDepth) return fail("nested too deeply");
    ondemand::object object;
    if (const auto code = source.get_object().get(object)) return fail(code);
    Object members;
    for (auto result : object) {
      ondemand::field field;
      if (const auto code = std::move(result).get(field)) return fail(code);
      std::string_view key;
      if (const auto code = field.unescaped_key().get(key)) return fail(code);
      members.push_back({std::string(key), Value()});
      const auto at = place + "/" + pointer_token(members.back().key);
      if (!read(field.value(), depth + 1, at, members.back().value)) return false;
    }
    find_duplicates(members, place);
    out = Value(std::move(members));
    return true;
  }

  void find_duplicates(const Object& members, const std::string& place) {
    std::vector<std::string_view> keys;
    for (const auto& member : members) keys.push_back(member.key);
    std::sort(keys.begin(), keys.end());
    for (std::size_t i = 1; i < keys.size(); ++i) {
      if (keys[i] != keys[i - 1] || (i >= 2 && keys[i] == keys[i - 2])) continue;
      errors_.push_back({place + "/" + pointer_token(keys[i]), "the key is written more than once", {}});
    }
  }

  std::string_view text_;
  simdjson::padded_string padded_;
  ondemand::parser parser_;
  ondemand::document document_;
  Errors errors_;
};

}  // namespace

Result<Value> parse(std::string_view text) {
  return Reader(text).run();
}

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace saturn::json
