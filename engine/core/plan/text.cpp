#include "core/plan/text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace saturn {

char to_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return to_lower(x) == to_lower(y); });
}

bool is_token(std::string_view text) {
  return !text.empty() && text.find_first_not_of(
                              "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == std::string_view::npos;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

std::string path_problem(std::string_view path) {
  if (path.empty() || path.front() != '/') return "the path does not begin with /";
  while (!path.empty()) {
    if (path.substr(0, 3) == "\\{{") {  // two literal braces
      path.remove_prefix(3);
      continue;
    }
    if (path.substr(0, 2) == "{{") {
      const auto close = path.find("}}");
      if (close != std::string_view::npos) {
        if (has_control(path.substr(0, close))) return "the path holds a control character";
        path.remove_prefix(close + 2);
        continue;
      }
    }
    const auto byte = static_cast<unsigned char>(path.front());
    if (byte == ' ') return "the path holds a space";
    if (byte < 0x20 || byte == 0x7f) return "the path holds a control character";
    if (byte > 0x7f) return "the path holds a character outside ASCII";
    if (byte == '#') return "the path holds a #";
    path.remove_prefix(1);
  }
  return {};
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* const digits = text.data() + i + 1;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k <= bytes.size() ? kDigits[group >> (18 - 6 * k) & 63U] : '=';
  }
  return out;
}

}  // namespace saturn
