#include "flag_help.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "core/result/text_format.hpp"

namespace saturn::cli {
namespace {

constexpr std::size_t kColumn = 34;

/// "-c,--connections" → "-c, --connections"
std::string spaced(const char* names) {
  std::string text;
  for (const auto& name : names_of(names)) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string line_of(const FlagRow& flag) {
  std::string line = "  " + spaced(flag.names) + (flag.value != nullptr ? " " + std::string(flag.value) : "");
  const std::size_t columns = text::columns(line);  // "STATUS,…" has more bytes
  line.append(std::max(kColumn, columns + 1) - columns, ' ');
  return line + flag.help + "\n";
}

nlohmann::ordered_json text_or_null(const char* text) {
  return text == nullptr ? nlohmann::ordered_json() : nlohmann::ordered_json(text);
}

nlohmann::ordered_json json_of(const CommandTable& table, const FlagRow& flag) {
  const std::string standard = default_of(flag);
  nlohmann::ordered_json row;
  row["command"] = table.name;
  row["names"] = names_of(flag.names);
  row["value"] = text_or_null(flag.value);
  row["group"] = flag.group;
  row["help"] = flag.help;
  row["default"] = text_or_null(standard.empty() ? nullptr : standard.c_str());
  row["repeatable"] = flag.repeatable;
  row["in_plan"] = text_or_null(flag.in_plan);
  return row;
}

}  // namespace

std::string help_of(const CommandTable& table) {
  std::string text = std::string(table.about) + "\n\nUsage: saturn " + table.name + " " + table.arguments +
                     (*table.arguments == '\0' ? "" : " ") + "[FLAGS]\n";
  std::string_view group;
  for (const auto& flag : table.flags) {
    if (group != flag.group) text += "\n" + std::string(flag.group) + "\n";
    group = flag.group;
    text += line_of(flag);
  }
  return text + "\n" + table.notes;
}

std::string flags_json(std::span<const CommandTable> tables) {
  std::string text;
  for (const auto& table : tables)
    for (const auto& flag : table.flags) text += (text.empty() ? "[" : ",\n ") + json_of(table, flag).dump();
  return text + "]\n";
}

}  // namespace saturn::cli
