#include "args.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "args_flags.hpp"
#include "args_hints.hpp"
#include "args_plan.hpp"

namespace saturn::cli {
namespace {

/// CLI11's part: which word is a flag, which its value. What the values mean is ours.
struct Parser {
  CLI::App app;
  std::vector<CLI::Option*> own, foreign;
  CLI::Option* source;

  Parser() : source(add("source", true)) {
    app.allow_extras();
    app.set_help_flag("-h,--help");
    for (const auto& flag : run_flags()) own.push_back(add(flag.names, flag.value != nullptr));
    for (const auto& flag : foreign_flags()) foreign.push_back(add(flag.names, flag.takes_value));
  }

  CLI::Option* add(const std::string& names, bool has_value) {
    auto* option = has_value ? app.add_option(names, [](const CLI::results_t&) { return true; })
                             : app.add_flag_callback(names, [] {});
    return option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);  // twice is our error, not CLI11's
  }
};

/// The name under which a flag stands in the command line, "-c" of "-c50".
std::string as_typed(const char* names, const Arguments& words) {
  for (const auto& word : words)
    for (const auto& name : names_of(names)) {
      if (word == name || (name.size() > 2 && word.rfind(name + "=", 0) == 0)) return name;
      if (name.size() == 2 && word.rfind(name, 0) == 0) return name;
    }
  return place_of(names);
}

void beside_a_plan(Draft& draft, const Flag& flag, const std::string& place) {
  draft.errors.push_back({place, "a plan says this itself",
                          "leave the flag out and write it in the plan, at " + std::string(flag.in_plan)});
}

void apply_own(const Parser& parser, const Arguments& words, Draft& draft) {
  for (std::size_t i = 0; i < parser.own.size(); ++i) {
    const auto& flag = run_flags()[i];
    const auto& values = parser.own[i]->results();
    if (values.empty()) continue;
    const auto place = as_typed(flag.names, words);
    if (draft.run.plan_file && flag.in_plan != nullptr) {
      beside_a_plan(draft, flag, place);
      continue;
    }
    if (flag.value != nullptr && values.size() > 1 && !flag.repeatable)
      draft.errors.push_back(
          {place, "given " + std::to_string(values.size()) + " times", "keep one of them"});
    for (const auto& value : values) flag.apply(draft, place, value);
  }
}

bool apply_foreign(const Parser& parser, const Arguments& words, Draft& draft) {
  bool any = false;
  for (std::size_t i = 0; i < parser.foreign.size(); ++i) {
    const auto& flag = foreign_flags()[i];
    if (parser.foreign[i]->empty()) continue;
    draft.errors.push_back(
        foreign_error(flag, as_typed(flag.names, words), parser.foreign[i]->results().front()));
    any = true;
  }
  return any;
}

/// Words that CLI11 found no place for. After an unknown flag the words that follow may be its value: only
/// the flag is reported then.
void apply_extras(const Parser& parser, Draft& draft) {
  auto extras = parser.app.remaining();
  extras.erase(std::remove(extras.begin(), extras.end(), "--"), extras.end());
  const auto is_flag = [](const std::string& word) { return word.size() > 1 && word[0] == '-'; };
  const bool any_flag = std::any_of(extras.begin(), extras.end(), is_flag);
  for (const auto& word : extras) {
    if (is_flag(word))
      draft.errors.push_back(unknown_flag(word));
    else if (!any_flag)
      draft.errors.push_back(
          {word, "there is one URL or plan already: " + parser.source->results().front(),
           "run them one after another, or as scenarios of a plan; quote words with spaces"});
  }
}

}  // namespace

ParsedRun parse_run(const Arguments& arguments) {
  Draft draft;
  Arguments words = arguments;
  draft.errors = hints_from_words(words);
  Parser parser;
  try {
    parser.app.parse(Arguments(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    draft.run.help = true;
    return {draft.run, {}};
  } catch (const CLI::ParseError& error) {
    draft.errors.push_back({"", error.what(), "see saturn run --help"});
    return {draft.run, draft.errors};
  }
  apply_foreign(parser, words, draft);
  apply_extras(parser, draft);
  if (!parser.source->empty()) draft.run.source = parser.source->results().front();
  draft.run.plan_file = names_a_plan(draft.run.source);
  apply_own(parser, words, draft);
  if (draft.run.source.empty() && draft.errors.empty())
    draft.errors.push_back({"", "nothing to run", "give a URL or a plan: saturn run http://127.0.0.1:8000/"});
  finish_draft(draft);
  return {std::move(draft.run), std::move(draft.errors)};
}

}  // namespace saturn::cli
