#include "redact.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/plan/text.hpp"

namespace saturn::cli {
namespace {

constexpr std::string_view kHidden = "***";
constexpr std::array<std::string_view, 3> kSecretHeaders{"Authorization", "Proxy-Authorization", "Cookie"};

std::string redact_header(const std::string& header) {
  const auto colon = header.find(':');
  const std::string_view name = std::string_view(header).substr(0, colon);
  const bool secret = std::any_of(kSecretHeaders.begin(), kSecretHeaders.end(),
                                  [&](std::string_view known) { return equal_ignoring_case(known, name); });
  return secret ? std::string(name) + ": " + std::string(kHidden) : header;
}

std::string redact_word(const std::string& word, const std::string& source) {
  for (const std::string_view flag : {"--header=", "-H"})
    if (word.rfind(flag, 0) == 0 && word.size() > flag.size())
      return std::string(flag) + redact_header(word.substr(flag.size()));
  constexpr std::string_view kBase = "--base-url=";
  if (word.rfind(kBase, 0) == 0) return std::string(kBase) + redact_url(word.substr(kBase.size()));
  if (word == source || word.find("://") != std::string::npos) return redact_url(word);
  return word;
}

}  // namespace

std::string redact_url(const std::string& url) {
  const auto scheme = url.find("://");
  const auto start = scheme == std::string::npos ? 0 : scheme + 3;
  const auto end = std::min(url.find_first_of("/?#", start), url.size());
  const auto at = url.substr(0, end).rfind('@');
  if (at == std::string::npos || at < start) return url;
  return url.substr(0, start) + std::string(kHidden) + url.substr(at);
}

Arguments redact_words(const Arguments& words, const std::string& source) {
  Arguments redacted;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view before = i == 0 ? "" : std::string_view(words[i - 1]);
    if (before == "-H" || before == "--header")
      redacted.push_back(redact_header(words[i]));
    else if (before == "--base-url")
      redacted.push_back(redact_url(words[i]));
    else
      redacted.push_back(redact_word(words[i], source));
  }
  return redacted;
}

std::string shell_quoted(const std::string& word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'')
      quoted += R"('\'')";
    else
      quoted += c;
  }
  return quoted + "'";
}

std::string with_file(const std::string& text, const std::string& path) {
  constexpr std::string_view kEnd = " FILE";
  if (path.empty() || path == "-" || !text.ends_with(kEnd)) return text;
  return text.substr(0, text.size() - kEnd.size()) + " " + shell_quoted(path);
}

std::string shell_line(const Arguments& words) {
  std::string line;
  for (const auto& word : words) line += (line.empty() ? "" : " ") + shell_quoted(word);
  return line;
}

}  // namespace saturn::cli
