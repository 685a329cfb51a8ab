#include "flag_split.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "flag_hints.hpp"

namespace saturn::cli {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

template <class Rows>
std::size_t find_row(const Rows& rows, std::string_view name) {
  const auto at =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return names_include(row.names, name); });
  return at == rows.end() ? kNone : static_cast<std::size_t>(at - rows.begin());
}

class Splitter {
 public:
  Splitter(const CommandTable& table, const Arguments& words, const WordHook& hook)
      : table_(table), words_(words), hook_(hook) {}

  SplitWords run() {
    while (at_ < words_.size()) take_one();
    for (std::size_t row = 0; row < table_.flags.size(); ++row) check_repeats(row);
    return std::move(split_);
  }

 private:
  void fail(std::string place, std::string message, std::string remedy) {
    split_.errors.push_back({std::move(place), std::move(message), std::move(remedy)});
  }

  void take_one() {
    const std::string& word = words_[at_];
    if (only_arguments_ || word.size() < 2 || word[0] != '-') {
      split_.arguments.push_back(word);
      ++at_;
      return;
    }
    if (const std::size_t taken = hook_ ? hook_(words_, at_, split_.errors) : 0; taken > 0) {
      at_ += taken;
      return;
    }
    ++at_;
    if (word == "--")
      only_arguments_ = true;
    else if (word == "-h" || word == "--help")
      split_.help = true;
    else if (!take_named(word) && !take_one_dash(word) && !take_short(word))
      unknown(word);
  }

  /// "--name", "--name=value", "-n": a name as it stands in a row.
  bool take_named(const std::string& word) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto value =
        equals == std::string::npos ? std::nullopt : std::optional<std::string>(word.substr(equals + 1));
    if (const auto row = find_row(table_.flags, name); row != kNone) {
      own(row, name, word, value);
      return true;
    }
    if (const auto row = find_row(table_.foreign, name); row != kNone) {
      foreign(row, name, value);
      return true;
    }
    return false;
  }

  /// "-duration=10s" for "--duration=10s".
  bool take_one_dash(const std::string& word) {
    if (word.size() < 3 || word[1] == '-') return false;
    const std::string name = word.substr(0, word.find('='));
    const bool has_value = name.size() != word.size();
    if (const auto row = find_row(table_.flags, "-" + name); row != kNone) {
      fail(word, "long flags have two dashes", "type -" + word);
      if (!has_value && table_.flags[row].value != nullptr) skip_value();
      return true;
    }
    if (const auto row = find_row(table_.foreign, "-" + name); row != kNone) {
      foreign(row, name, has_value ? std::optional(word.substr(name.size() + 1)) : std::nullopt);
      return true;
    }
    return false;
  }

  /// "-c50", "-c=50", and switches in one word: "-qv".
  bool take_short(const std::string& word) {
    if (word.size() < 3 || word[1] == '-') return false;
    const std::string name = word.substr(0, 2);
    const std::string rest = word.substr(word[2] == '=' ? 3 : 2);
    if (const auto row = find_row(table_.flags, name); row != kNone && table_.flags[row].value != nullptr) {
      own(row, name, word, rest);
      return true;
    }
    if (const auto row = find_row(table_.foreign, name); row != kNone && table_.foreign[row].takes_value) {
      foreign(row, name, rest);
      return true;
    }
    return take_switches(word);
  }

  bool take_switches(const std::string& word) {
    std::vector<GivenFlag> given;
    for (const char letter : word.substr(1)) {
      const std::string name{'-', letter};
      const auto row = find_row(table_.flags, name);
      if (row == kNone || table_.flags[row].value != nullptr) return false;
      given.push_back({row, name, {}});
    }
    split_.given.insert(split_.given.end(), given.begin(), given.end());
    return true;
  }

  void own(std::size_t row, const std::string& name, const std::string& word,
           std::optional<std::string> value) {
    const bool wants_value = table_.flags[row].value != nullptr;
    if (!wants_value && value) return fail(name, "takes no value", "leave \"=" + *value + "\" out");
    if (!wants_value) return split_.given.push_back({row, name, {}});
    if (value && value->empty())
      return fail(word, "a value is missing", "write it behind the sign, without a space");
    if (!value && at_ == words_.size())
      return fail(word, "a value is missing",
                  "see the flag in saturn " + std::string(table_.name) + " --help");
    split_.given.push_back({row, name, value ? *value : words_[at_++]});
  }

  void foreign(std::size_t row, const std::string& name, std::optional<std::string> value) {
    const ForeignFlag& flag = table_.foreign[row];
    if (flag.takes_value && !value) {
      if (at_ == words_.size()) return split_.errors.push_back(foreign_error(flag, name, "…"));
      value = words_[at_++];
    }
    split_.errors.push_back(foreign_error(flag, name, value.value_or("")));
  }

  /// The word behind it may be its value.
  void unknown(const std::string& word) {
    split_.errors.push_back(unknown_flag(table_, word));
    if (word.find('=') != std::string::npos) return;
    const std::size_t behind = at_;
    skip_value();
    split_.doubtful = split_.doubtful || at_ != behind;
  }

  void skip_value() {
    if (at_ < words_.size() && (words_[at_].size() < 2 || words_[at_][0] != '-')) ++at_;
  }

  void check_repeats(std::size_t row) {
    const FlagRow& flag = table_.flags[row];
    if (flag.value == nullptr || flag.repeatable) return;
    const auto is_it = [&](const GivenFlag& given) { return given.row == row; };
    const auto times = std::count_if(split_.given.begin(), split_.given.end(), is_it);
    if (times < 2) return;
    const auto first = std::find_if(split_.given.begin(), split_.given.end(), is_it);
    fail(first->place, "given " + std::to_string(times) + " times", "keep one of them");
  }

  const CommandTable& table_;
  const Arguments& words_;
  const WordHook& hook_;
  SplitWords split_;
  std::size_t at_ = 0;
  bool only_arguments_ = false;
};

}  // namespace

SplitWords split_words(const CommandTable& table, const Arguments& words, const WordHook& hook) {
  return Splitter(table, words, hook).run();
}

}  // namespace saturn::cli
