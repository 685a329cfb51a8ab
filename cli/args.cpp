#include "args.hpp"

#include <algorithm>

#include "args_flags.hpp"
#include "args_hints.hpp"
#include "args_plan.hpp"
#include "flag_split.hpp"
#include "redact.hpp"

namespace saturn::cli {
namespace {

void apply_own(const SplitWords& split, Draft& draft) {
  for (const auto& given : split.given) {
    const Flag& flag = run_flags()[given.row];
    if (draft.run.plan_file && draft.source_known && refused_beside_a_plan(flag))
      draft.errors.push_back(
          {given.place, "a plan says this itself",
           "leave the flag out and write it in the plan, at " + std::string(flag.in_plan)});
    else
      flag.apply(draft, given.place, given.value);
  }
}

void take_source(const SplitWords& split, Draft& draft) {
  if (split.arguments.empty()) {
    draft.source_known = !split.doubtful;
    return;
  }
  draft.run.source = split.arguments.front();
  for (std::size_t i = 1; i < split.arguments.size() && !split.doubtful; ++i)
    draft.errors.push_back(
        {redact_url(split.arguments[i]), "there is one URL or plan already: " + redact_url(draft.run.source),
         "run them one after another, or as scenarios of a plan; quote words with spaces"});
  if (auto error = script_error(draft.run.source)) {
    draft.errors.push_back(*std::move(error));
    draft.run.source.clear();
    draft.source_known = false;
  }
  draft.run.plan_file = draft.source_known && names_a_plan(draft.run.source);
}

}  // namespace

ParsedRun parse_run(const Arguments& arguments) {
  Draft draft;
  const SplitWords split = split_words(run_table(), arguments, hint_of_run);
  draft.errors = split.errors;
  if (split.help) {
    draft.run.help = true;
    return {draft.run, {}};
  }
  take_source(split, draft);
  apply_own(split, draft);
  if (draft.run.source.empty() && draft.errors.empty())
    draft.errors.push_back({"", "nothing to run", "give a URL or a plan: saturn run http://127.0.0.1:8000/"});
  finish_draft(draft);
  return {std::move(draft.run), std::move(draft.errors)};
}

}  // namespace saturn::cli
