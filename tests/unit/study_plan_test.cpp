#include "study/study_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "study/files.hpp"
#include "study/sha256.hpp"

namespace saturn::study {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::string_view kPlan = R"({"mode": "sequential", "gap": "3s", "scenarios": [
  {"name": "hello", "executor": "constant-vus", "vus": 50, "duration": "10s", "flow": [{"get": "/hello"}]},
  {"name": "one", "executor": "shared-iterations", "vus": 10, "iterations": 1000,
   "flow": [{"get": "/items/1", "expect": {"status": 200}}]}]})";

constexpr std::string_view kStudy = R"({
  "schema": "saturn.study/1", "name": "s", "plan": "plan.json", "baseline": "b",
  "targets": [
    {"name": "a", "launch": {"process": {"requirements": "r.txt", "cwd": "targets/a", "env": {"DATABASE": "{{database}}"},
      "before": ["python", "-m", "app.schema"], "command": ["serve", "{{port}}", "{{workers}}"]}},
     "settings": {"workers": 2, "loop": "uvloop"}, "published": {"hello": 4783}, "versions": ["flask"]},
    {"name": "b", "role": "ceiling", "only": ["hello"], "profiles": ["full"],
     "launch": {"process": {"command": ["{{saturn}}", "{{port}}"]}}}],
  "procedure": {"ready": {"get": "/hello", "times": 7, "timeout": "30s"}, "settle": "20s", "idle": "5s", "read_back": 4,
    "seed": {"count": 1500, "list": "/items/", "post": "/items/", "json": {"name": "i-{{seq}}"}},
    "warmup": [{"name": "w", "executor": "constant-vus", "vus": 20, "duration": "10s", "flow": [{"get": "/hello"}]}]},
  "repeats": 5,
  "profiles": {"quick": {"repeats": 2, "settle": "1s", "gap": "1s", "scale": {"duration": 0.2, "iterations": 0.0001}}},
  "metrics": {"hello": "rps", "one": "mean_latency"}})";

Result<StudyPlan> parse(std::string_view study, std::string_view plan = kPlan) {
  return parse_study(study, "/base", [&](const fs::path& path) -> Result<std::string> {
    if (path != "/base/plan.json") return Error{path.string(), "cannot be read", ""};
    return std::string(plan);
  });
}

std::string with(std::string_view text, std::string_view from, std::string_view to) {
  std::string changed(text);
  return changed.replace(changed.find(from), from.size(), to);
}

/// "place: message" of every error.
std::vector<std::string> errors_of(const Result<StudyPlan>& result) {
  std::vector<std::string> lines;
  if (!result)
    for (const auto& error : result.errors()) lines.push_back(error.place + ": " + error.message);
  return lines;
}

TEST(StudyPlan, IsReadWithPathsFromTheStudysFolder) {
  const auto plan = parse(kStudy);
  ASSERT_EQ(errors_of(plan), std::vector<std::string>{});
  EXPECT_EQ(plan->name, "s");
  EXPECT_EQ(plan->baseline, "b");
  ASSERT_EQ(plan->targets.size(), 2U);
  const TargetPlan& a = plan->targets[0];
  EXPECT_EQ(a.role, Role::stack);
  EXPECT_EQ(a.process.requirements, "/base/r.txt");
  EXPECT_EQ(a.process.cwd, "/base/targets/a");
  EXPECT_EQ(a.process.before, (std::vector<std::string>{"python", "-m", "app.schema"}));
  EXPECT_EQ(a.process.env.at(0).second, "{{database}}");
  EXPECT_EQ(a.settings.at(0).text, "2");
  EXPECT_TRUE(a.settings.at(0).number);
  EXPECT_FALSE(a.settings.at(1).number);
  EXPECT_EQ(a.published.at("hello"), 4783);
  EXPECT_EQ(plan->targets[1].role, Role::ceiling);
  EXPECT_EQ(plan->targets[1].process.cwd, "/base/");
  EXPECT_EQ(plan->ready.times, 7U);
  EXPECT_EQ(plan->read_back, 4U);
  EXPECT_EQ(plan->seed.count_path, "/items/");
  EXPECT_EQ(plan->seed.scenario.iterations, 1500U);
  EXPECT_EQ(plan->seed.scenario.vus, 10U);
  EXPECT_EQ(plan->seed.scenario.flow.at(0).method, "POST");
  EXPECT_EQ(plan->warmup.at(0).vus, 20U);
}

TEST(StudyPlan, ProfilesChangeWhatTheProcedureSays) {
  const auto plan = parse(kStudy);
  ASSERT_TRUE(plan);
  const Profile* full = plan->find_profile("full");
  const Profile* quick = plan->find_profile("quick");
  ASSERT_TRUE(full != nullptr && quick != nullptr);
  EXPECT_EQ(full->repeats, 5U);
  EXPECT_EQ(full->settle, 20s);
  EXPECT_EQ(full->gap, 3s);
  EXPECT_EQ(quick->repeats, 2U);
  EXPECT_EQ(quick->settle, 1s);
  EXPECT_EQ(quick->idle, 5s);
  EXPECT_EQ(quick->gap, 1s);
  EXPECT_EQ(plan->find_profile("slow"), nullptr);

  const auto measured = scenarios_for(plan->plan.scenarios, plan->targets[0], *quick);
  ASSERT_EQ(measured.size(), 2U);
  EXPECT_EQ(measured[0].duration, 2s);
  EXPECT_EQ(measured[1].iterations, 1U);  // never none
  EXPECT_EQ(scenarios_for(plan->plan.scenarios, plan->targets[1], *full).size(), 1U);
}

TEST(StudyPlan, ARedirectIsNoSuccessUnlessAskedFor) {
  const auto plan = parse(kStudy);
  ASSERT_TRUE(plan);
  const auto accepts = [](const Step& step, int status) {
    return std::find(step.expect.statuses.begin(), step.expect.statuses.end(), status) !=
           step.expect.statuses.end();
  };
  for (const Step& step :
       {plan->plan.scenarios[0].flow[0], plan->warmup[0].flow[0], plan->seed.scenario.flow[0]}) {
    EXPECT_TRUE(accepts(step, 200) && accepts(step, 299));
    EXPECT_FALSE(accepts(step, 301) || accepts(step, 199));
  }
  EXPECT_EQ(plan->plan.scenarios[1].flow[0].expect.statuses, std::vector<int>{200});
}

TEST(StudyPlan, TheOneThatIsShippedIsGood) {
  const fs::path file = fs::path(SATURN_SOURCE_DIR) / "bench" / "study" / "python-web.json";
  const auto text = read_whole(file);
  ASSERT_TRUE(text);
  const auto plan = parse_study(*text, file.parent_path(), read_whole);
  ASSERT_EQ(errors_of(plan), std::vector<std::string>{});
  std::vector<std::string> scenarios, stacks;
  for (const auto& scenario : plan->plan.scenarios) scenarios.push_back(scenario.name);
  EXPECT_EQ(scenarios,
            (std::vector<std::string>{"hello", "echo", "all", "one", "create", "update", "delete"}));
  for (const auto& target : plan->targets) {
    if (target.role == Role::stack) {
      stacks.push_back(target.name);
      EXPECT_EQ(target.published.size(), 7U);
      EXPECT_TRUE(fs::exists(target.process.requirements));
    }
    EXPECT_TRUE(fs::exists(target.process.cwd)) << target.process.cwd;
  }
  EXPECT_EQ(stacks, (std::vector<std::string>{"fastapi-sqlite3", "fastapi-sqlmodel", "flask-sqlite3",
                                              "flask-sqlalchemy", "django-drf"}));
  const Profile* full = plan->find_profile("full");
  EXPECT_EQ(full->repeats, 5U);
  EXPECT_EQ(full->settle, 20s);
  EXPECT_EQ(full->idle, 5s);
  EXPECT_EQ(full->gap, 3s);
  EXPECT_EQ(plan->seed.scenario.iterations, 1500U);
  const Profile* quick = plan->find_profile("quick");
  EXPECT_EQ(quick->repeats, 2U);
  EXPECT_EQ(quick->iteration_scale, 1);  // counts are kept
}

TEST(StudyPlan, EveryMistakeIsToldAtOnceWithItsPlace) {
  std::string study = with(kStudy, "\"role\": \"ceiling\"", "\"role\": \"roof\"");
  study = with(study, "\"settle\": \"20s\"", "\"settle\": 20");
  study = with(study, "\"count\": 1500", "\"count\": 0");
  study = with(study, "\"post\": \"/items/\"", "\"post\": \"items/\"");
  study = with(study, "\"executor\": \"constant-vus\", \"vus\": 20",
               "\"executor\": \"constant-vus\", \"vus\": 0");
  study = with(study, "\"hello\": \"rps\"", "\"hello\": \"speed\"");
  study = with(study, "\"repeats\": 5", "\"repeat\": 5");
  study = with(study, "\"workers\": 2", "\"workers\": [2]");
  std::vector<std::string> places;
  const auto plan = parse(study);
  ASSERT_FALSE(plan);
  for (const auto& error : plan.errors()) places.push_back(error.place);
  for (const char* place :
       {"/targets/1/role", "/procedure/settle", "/procedure/seed/count", "/procedure/seed/post",
        "/procedure/warmup/0/vus", "/metrics/hello", "/repeat", "/targets/0/settings/workers"})
    EXPECT_TRUE(std::find(places.begin(), places.end(), place) != places.end())
        << place << " is not among " << testing::PrintToString(places);
  EXPECT_EQ(places.size(), 8U) << testing::PrintToString(places);
}

TEST(StudyPlan, AProfileMayCutWhatIsTimed) {
  const auto plan = parse(with(kStudy, "\"gap\": \"1s\",", "\"gap\": \"1s\", \"max_duration\": \"1500ms\","));
  ASSERT_TRUE(plan) << to_text(plan.errors().front());
  const Profile* quick = plan->find_profile("quick");
  EXPECT_EQ(quick->max_duration, std::chrono::milliseconds(1500));
  EXPECT_EQ(plan->find_profile("full")->max_duration, std::nullopt);
  Scenario longer, shorter, counted;
  longer.duration = std::chrono::seconds(10);
  shorter.duration = std::chrono::seconds(5);
  counted.iterations = 20'000;
  const auto cut = scaled({longer, shorter, counted}, *quick);  // scaled to a fifth first
  EXPECT_EQ(cut[0].duration, std::chrono::milliseconds(1500));
  EXPECT_EQ(cut[1].duration, std::chrono::seconds(1));
  EXPECT_EQ(cut[2].iterations, 2U);
}

TEST(StudyPlan, KnowsTheContentOfItsFiles) {
  const auto plan = parse(kStudy);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->sha256, sha256(kStudy));
  EXPECT_EQ(plan->plan_sha256, sha256(kPlan));
  EXPECT_EQ(plan->folder, "/base");
}

TEST(StudyPlan, MistakesOfThePlanFileCarryItsName) {
  const auto plan = parse(kStudy, with(kPlan, "\"vus\": 50", "\"vus\": \"50\""));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.errors().front().place, "plan.json /scenarios/0/vus");
  EXPECT_EQ(errors_of(parse(with(kStudy, "plan.json", "other.json"))),
            std::vector<std::string>{"/plan: /base/other.json: cannot be read"});
}

TEST(StudyPlan, PartsThatDoNotFitTogetherAreToldWithTheirPlace) {
  std::string study = with(kStudy, "\"name\": \"b\"", "\"name\": \"a\"");
  study = with(study, "\"only\": [\"hello\"]", "\"only\": [\"hallo\"]");
  study = with(study, "\"profiles\": [\"full\"]", "\"profiles\": [\"fast\"]");
  study = with(study, "\"{{workers}}\"]", "\"{{threads}}\"]");
  study = with(study, "\"{{saturn}}\", \"{{port}}\"", "\"{{saturn}}\"");
  study = with(study, ", \"one\": \"mean_latency\"", "");
  study = with(study, "\"hello\": 4783", "\"hullo\": 4783");
  EXPECT_EQ(errors_of(parse(study)),
            (std::vector<std::string>{"/targets/0/published/hullo: there is no scenario \"hullo\"",
                                      "/targets/0/launch/process/command/2: {{threads}} is not known",
                                      "/targets/1/name: \"a\" is the name of another target already",
                                      "/targets/1/only/0: there is no scenario \"hallo\"",
                                      "/targets/1/profiles/0: there is no profile \"fast\"",
                                      "/targets/1/launch/process/command: does not tell the target its port",
                                      "/metrics: scenario \"one\" has no metric",
                                      "/baseline: there is no target \"b\""}));
}

TEST(StudyPlan, NamesThatCannotBeFilesAreRefused) {
  for (const char* name : {"../a", "a b", ".a", "ä"})
    EXPECT_EQ(errors_of(parse(with(kStudy, "\"name\": \"a\"", "\"name\": \"" + std::string(name) + "\""))),
              std::vector<std::string>{
                  "/targets/0/name: may hold letters, digits, -, _ and . only: it names files"})
        << name;
}

TEST(StudyPlan, OtherLaunchersAreRefusedUntilTheyExist) {
  const auto plan = parse(with(kStudy, R"("process": {"command": ["{{saturn}}", "{{port}}"]})",
                               R"("external": {"base_url": "http://127.0.0.1:9000"})"));
  ASSERT_FALSE(plan);
  ASSERT_EQ(plan.errors().size(), 1U);
  EXPECT_EQ(plan.errors().front().place, "/targets/1/launch/external");
}

TEST(StudyPlan, APlanIsNoStudy) {
  const auto plan = parse(R"({"schema": "saturn.plan/1"})");
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.errors().front().message, "this is a plan, not a study");
}

TEST(StudyPlan, AnotherKindOfFileIsOneError) {
  for (const char* text :
       {R"({"schema": "saturn.plan/1", "scenarios": []})", R"({"schema": "saturn.result/1", "x": 1})",
        R"({"schema": "saturn.study-result/1", "x": 1})", R"({"x": 1, "y": 2})"}) {
    const auto plan = parse(text);
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.errors().size(), 1U) << text;
  }
}

TEST(FillIn, ReplacesKnownNamesAndReportsTheOthers) {
  std::vector<std::string> unknown;
  EXPECT_EQ(fill_in("127.0.0.1:{{port}}/{{port}}{{x}}", {{"port", "80"}}, unknown), "127.0.0.1:80/80");
  EXPECT_EQ(unknown, std::vector<std::string>{"x"});
  EXPECT_EQ(fill_in("{{open", {}, unknown), "{{open");
}

}  // namespace
}  // namespace saturn::study
