#include "flag_row.hpp"

#include <algorithm>
#include <string_view>

namespace saturn::cli {

std::vector<std::string> names_of(const char* names) {
  std::vector<std::string> list;
  std::string_view rest = names;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    list.emplace_back(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return list;
}

std::string place_of(const char* names) {
  return names_of(names).front();
}

bool names_include(const char* names, std::string_view name) {
  const auto list = names_of(names);
  return std::find(list.begin(), list.end(), name) != list.end();
}

std::string default_of(const FlagRow& row) {
  const std::string_view help = row.help;
  if (row.value == nullptr || help.empty() || help.back() != ')') return {};
  std::size_t depth = 0;
  for (std::size_t at = help.size(); at-- > 0;) {
    if (help[at] == ')') ++depth;
    if (help[at] == '(' && --depth == 0) return std::string(help.substr(at + 1, help.size() - at - 2));
  }
  return {};
}

}  // namespace saturn::cli
