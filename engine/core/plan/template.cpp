#include "core/plan/template.hpp"

#include <charconv>
#include <optional>
#include <string>

namespace saturn {
namespace {

constexpr const char* kExisting =
    "this version has {{random_int(a, b)}}, {{seq}}, {{seq(a)}}, {{vu}} and {{iteration}}; for a literal {{ "
    "write \\{{, or give --no-templates with a URL";
constexpr std::string_view kOpen = "{{", kEscapedOpen = "\\{{";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

struct Call {  ///< name or name(argument, argument)
  std::string_view name;
  bool has_parentheses = false, well_formed = true;
  std::vector<std::int64_t> arguments;
};

std::optional<std::int64_t> to_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Call parse_call(std::string_view inside) {
  Call call;
  const auto open = inside.find('(');
  call.name = trim(inside.substr(0, open));
  if (open == std::string_view::npos) return call;
  call.has_parentheses = true;
  if (inside.back() != ')') {
    call.well_formed = false;
    return call;
  }
  std::string_view rest = inside.substr(open + 1, inside.size() - open - 2);
  while (true) {
    const auto comma = rest.find(',');
    const auto number = to_integer(trim(rest.substr(0, comma)));
    if (!number) {
      call.well_formed = false;
      return call;
    }
    call.arguments.push_back(*number);
    if (comma == std::string_view::npos) return call;
    rest.remove_prefix(comma + 1);
  }
}

/// Fills `part` from what stands between the braces; returns what is wrong with it.
std::optional<Error> read_value(std::string_view inside, TemplatePart& part) {
  const Call call = parse_call(inside);
  const std::string shown(part.text);
  const auto wants = [&](const char* form) {
    return Error{{}, shown + " is not written as this template wants it", "write " + std::string(form)};
  };
  if (call.name == "random_int") {
    if (!call.well_formed || call.arguments.size() != 2)
      return wants("{{random_int(a, b)}} with two whole numbers");
    part.kind = Piece::Kind::random_int;
    part.low = call.arguments[0];
    part.high = call.arguments[1];
    if (part.low > part.high)
      return Error{{}, shown + ": the first number is above the second", "both ends are included: a ≤ b"};
    return std::nullopt;
  }
  if (call.name == "seq") {
    if (!call.well_formed || call.arguments.size() > 1)
      return wants("{{seq}}, or {{seq(a)}} with a whole number");
    part.kind = Piece::Kind::seq;
    part.low = call.arguments.empty() ? 1 : call.arguments[0];
    return std::nullopt;
  }
  if (call.name == "vu" || call.name == "iteration") {
    if (call.has_parentheses) return wants(call.name == "vu" ? "{{vu}}" : "{{iteration}}");
    part.kind = call.name == "vu" ? Piece::Kind::vu : Piece::Kind::iteration;
    return std::nullopt;
  }
  if (call.name == "run_id" || call.name.substr(0, 4) == "env.")
    return Error{{}, shown + " is not in this version", kExisting};
  if (call.name.find('.') != std::string_view::npos)
    return Error{{}, shown + ": data columns are not in this version", kExisting};
  return Error{{}, "unknown template " + shown + " (extracted values are not in this version)", kExisting};
}

}  // namespace

Result<std::vector<TemplatePart>> parse_template(std::string_view text, std::string_view place,
                                                 TemplateIn in) {
  const std::string_view escape = in == TemplateIn::json ? "\\\\" : "\\";
  std::vector<TemplatePart> parts;
  Errors errors;
  const auto literal = [&](std::size_t from, std::size_t to) {
    if (from < to) parts.push_back({.text = text.substr(from, to - from)});
  };
  for (std::size_t at = 0; at < text.size();) {
    const auto open = text.find(kOpen, at);
    if (open == std::string_view::npos) {
      literal(at, text.size());
      break;
    }
    if (text.substr(at, open - at).ends_with(escape)) {
      literal(at, open - escape.size());
      literal(open, open + kOpen.size());
      at = open + kOpen.size();
      continue;
    }
    literal(at, open);
    const auto close = text.find("}}", open + 2);
    if (close == std::string_view::npos) {
      errors.push_back({std::string(place), "a {{ is not closed by }}", kExisting});
      break;
    }
    TemplatePart part{.text = text.substr(open, close + 2 - open)};
    if (auto error = read_value(trim(text.substr(open + 2, close - open - 2)), part)) {
      error->place = place;
      errors.push_back(*std::move(error));
    }
    parts.push_back(part);
    at = close + 2;
  }
  if (!errors.empty()) return errors;
  return parts;
}

std::string escaped_templates(std::string_view text) {
  std::string out;
  while (true) {
    const auto open = text.find(kOpen);
    out += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    out += kEscapedOpen;
    text.remove_prefix(open + kOpen.size());
  }
}

std::string shown_template(std::string_view text) {
  std::string out(text);
  for (auto at = out.find(kEscapedOpen); at != std::string::npos; at = out.find(kEscapedOpen, at + 2))
    out.erase(at, 1);
  return out;
}

bool is_whole_json_string(std::string_view json, std::string_view part) {
  const auto begin = static_cast<std::size_t>(part.data() - json.data());
  const auto end = begin + part.size();
  if (begin == 0 || json[begin - 1] != '"' || end >= json.size() || json[end] != '"') return false;
  std::size_t backslashes = 0;  // an odd number before the quote makes it part of the string
  while (backslashes + 1 < begin && json[begin - 2 - backslashes] == '\\') ++backslashes;
  if (backslashes % 2 == 1) return false;
  const auto next = json.find_first_not_of(" \t\r\n", end + 1);
  return next == std::string_view::npos || json[next] != ':';
}

}  // namespace saturn
