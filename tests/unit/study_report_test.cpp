#include "study/study_report.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "core/result/text_format.hpp"
#include "support/study_sample.hpp"

namespace saturn::study {
namespace {

constexpr const char* kTables =
    R"text(python-web · quick profile · 2 repeats · order seed 7 · 2026-11-23T08:00:00.000000Z
Imaginary CPU · 2 CPUs · 8 GB · kernel 6.1

Requests per second (higher is better)
                             hello
fastapi-sqlite3              9,250
  min–max              9,000–9,500
  sd (n = 2)                 353.6
  x flask-sqlite3      2.31 (1.77)
flask-sqlite3                4,000*
  n                              1
  failed (repeat 2): update: read back, /items/7 does not hold what was written
django-drf
  failed (repeat 1, 2): ended before it was ready: exit code 1, its last words: No module named
    'django'
fastapi-sqlite3-h11          5,000
  min–max              5,000–5,000
  sd (n = 2)                 0.000
  x flask-sqlite3             1.25
------------------------------------
native                      98,500
  min–max            98,000–99,000
  sd (n = 2)                 707.1
  x flask-sqlite3            24.62

Mean response time in milliseconds (lower is better)
                            create          delete
fastapi-sqlite3               19.0!           2.10*~
  min–max                18.0–20.0       2.00–2.20
  sd (n = 2)                  1.41           0.141
  x flask-sqlite3      1.19 (0.71)     1.24 (0.97)
flask-sqlite3                 16.0            1.70
  n                              1               1
django-drf          nothing to show, see above
----------------------------------------------------
native                        3.25               –
  n                              1
  x flask-sqlite3             0.20

x flask-sqlite3: ratio to it on this machine, in brackets as published. Ratios travel between
  machines, absolute numbers don't.
sd: sample standard deviation over the n repeats that count
! failed or not-ok requests; the number is of the ok ones – fastapi-sqlite3: create 12 of 1,000
* one worker did over 90 % of the work, so the number is one worker's – flask-sqlite3: hello 97%;
  delete: always, one user has one connection
~ other processes used over 10 % of the machine meanwhile (in cores) – fastapi-sqlite3: delete 0.4
Python 3.12.1 instead of 3.11, which the study names: compare with care
)text";

TEST(StudyReport, TablesAreAsTheyShouldLook) {
  EXPECT_EQ(to_text(sample_study(), {false, 100}), kTables);
}

TEST(StudyReport, NoLineIsWiderThanAsked) {
  for (const unsigned width : {100U, 80U}) {
    std::istringstream lines(to_text(sample_study(), {false, width}));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(text::columns(line), width) << line;
  }
}

TEST(StudyReport, TheTextFromTheJsonIsTheSame) {
  const auto read = study_result_from_json(to_json(sample_study()));
  ASSERT_TRUE(read) << to_text(read.errors().front());
  EXPECT_EQ(to_text(*read, {false, 100}), to_text(sample_study(), {false, 100}));
}

TEST(StudyReport, AnInterruptedStudySaysSo) {
  StudyResult result = sample_study();
  result.interrupted = true;
  EXPECT_NE(to_text(result, {false, 100}).find("\ninterrupted: only what had been measured by then\n"),
            std::string::npos);
}

TEST(StudyReport, ATargetWhoseTurnNeverCameIsNamed) {
  StudyResult result = sample_study();
  for (auto& cell : result.targets[0].cells) cell.samples.clear();
  result.runs.erase(result.runs.begin(), result.runs.begin() + 2);
  EXPECT_NE(to_text(result, {false, 100}).find("\nfastapi-sqlite3     not run\n"), std::string::npos);
}

TEST(StudyReport, JsonOfAnotherKindIsRefusedWithItsPlace) {
  const auto other = study_result_from_json(R"({"schema": "saturn.result/1"})");
  ASSERT_FALSE(other);
  EXPECT_EQ(to_text(other.errors().front()), "/schema: is \"saturn.result/1\", not saturn.study-result/1");
  const auto missing = study_result_from_json(R"({"schema": "saturn.study-result/1", "name": 7})");
  ASSERT_FALSE(missing);
  EXPECT_EQ(to_text(missing.errors()[0]), "/name: has to be a string, but is a number");
  EXPECT_EQ(to_text(missing.errors()[1]), "/profile: is missing");
}

TEST(StudyReport, FootnotesAreOnlyForWhatIsShown) {
  StudyResult result = sample_study();
  result.targets = {result.targets[1]};  // the baseline alone
  result.targets[0].cells.resize(1);
  result.targets[0].cells[0].samples.resize(1);
  result.targets[0].cells[0].samples[0].marks.clear();
  result.notes.clear();
  const std::string alone = to_text(result, {false, 100});
  for (const char* note : {"x flask-sqlite3", "as published", "sd", "one worker"})
    EXPECT_EQ(alone.find(note), std::string::npos) << alone;
  result = sample_study();
  for (auto& target : result.targets)
    for (auto& cell : target.cells) cell.published.reset();
  const std::string unpublished = to_text(result, {false, 100});
  EXPECT_EQ(unpublished.find("as published"), std::string::npos);
  EXPECT_NE(unpublished.find("x flask-sqlite3: ratio to it on this machine. "), std::string::npos);
}

TEST(StudyReport, MarksThatDoNotFitAreAPlusWithItsFootnote) {
  StudyResult result = sample_study();
  result.targets[0].cells[2].samples[1].marks = {std::string(mark::kFailures)};
  const std::string text = to_text(result, {false, 100});
  EXPECT_NE(text.find("2.10!+\n"), std::string::npos) << text;
  EXPECT_NE(text.find("\n+ more marks than fit beside the number: the lines above name them\n"),
            std::string::npos);
}

TEST(StudyReport, WhereCountsDifferTheyHaveTheirRow) {
  StudyResult result = sample_study();
  result.targets[0].cells[1].samples.resize(1);
  const std::string text = to_text(result, {false, 100});
  EXPECT_NE(text.find("\n  sd                                         0.141\n"
                      "  n                              1               2\n"),
            std::string::npos)
      << text;
}

TEST(StudyReport, ARunIsOneLine) {
  const StudyResult result = sample_study();
  EXPECT_EQ(run_row(result, "fastapi-sqlite3", 2), "hello 9,500/s · create 20.0! ms · delete 2.20 ms");
  EXPECT_EQ(run_row(result, "django-drf", 1), "");
}

TEST(StudyReport, MarkdownHasTheSameRows) {
  StudyResult result = sample_study();
  result.targets = {result.targets[0], result.targets[1], result.targets[2]};
  for (auto& target : result.targets) target.cells.resize(1);
  result.notes.clear();
  EXPECT_EQ(to_markdown(result),
            R"md(# python-web · quick profile · 2 repeats · order seed 7 · 2026-11-23T08:00:00.000000Z

Imaginary CPU · 2 CPUs · 8 GB · kernel 6.1

## Requests per second (higher is better)

|  | hello |
|:--|--:|
| **fastapi-sqlite3** | 9,250 |
| min–max | 9,000–9,500 |
| sd (n = 2) | 353.6 |
| x flask-sqlite3 | 2.31 (1.77) |
| **flask-sqlite3** | 4,000\* |
| n | 1 |
| **django-drf** | |

- flask-sqlite3: failed (repeat 2): update: read back, /items/7 does not hold what was written
- django-drf: failed (repeat 1, 2): ended before it was ready: exit code 1, its last words: No module named 'django'

- x flask-sqlite3: ratio to it on this machine, in brackets as published. Ratios travel between machines, absolute numbers don't.
- sd: sample standard deviation over the n repeats that count
- \* one worker did over 90 % of the work, so the number is one worker's – flask-sqlite3: hello 97%
)md");
}

TEST(StudyReport, TheTablesAsCsvHaveALineForEachTargetAndScenario) {
  StudyResult result = sample_study();
  result.targets = {result.targets[0], result.targets[1], result.targets[2]};
  for (auto& target : result.targets) target.cells.resize(1);
  EXPECT_EQ(tables_to_csv(result),
            "target,role,scenario,metric,unit,n,mean,stddev,min,max,baseline,ratio,published,published_ratio,"
            "marks\n"
            "fastapi-sqlite3,stack,hello,rps,req/s,2,9250,353.553391,9000,9500,flask-sqlite3,2.3125,4783,"
            "1.77148148,\n"
            "flask-sqlite3,stack,hello,rps,req/s,1,4000,,4000,4000,flask-sqlite3,1,2700,1,one-worker\n"
            "django-drf,stack,hello,rps,req/s,0,,,,,flask-sqlite3,,1660,0.614814815,\n");
}

TEST(StudyReport, ValuesAreALineEachAndFailedRunsStandInTheirOwnFile) {
  StudyResult result = sample_study();
  result.targets = {result.targets[1]};
  result.targets[0].name = "a,b";
  result.targets[0].cells.resize(1);
  result.runs = {{"other", 1, 1, "", true, ""}, {"a,b", 1, 1, "", true, ""}, {"a,b", 2, 1, "", false, "x"}};
  auto& samples = result.targets[0].cells[0].samples;
  samples[0].rps = 4000;
  samples[0].mean_ms = 1.25;
  samples[0].marks.emplace_back(mark::kForeignLoad);
  const std::string head = "target,scenario,repeat,metric,unit,value,attempt,counted,marks,order\n";
  const std::string tail = ",1,true,one-worker;foreign-load,2\n";
  EXPECT_EQ(to_csv(result),
            head + "\"a,b\",hello,1,rps,req/s,4000" + tail + "\"a,b\",hello,1,mean_latency,ms,1.25" + tail +
                "\"a,b\",hello,1,p50_latency,ms,5" + tail + "\"a,b\",hello,1,p99_latency,ms,12.5" + tail +
                "\"a,b\",hello,1,completed,requests,1000" + tail + "\"a,b\",hello,1,failed,requests,0" +
                tail + "\"a,b\",hello,1,not_ok,requests,0" + tail + "\"a,b\",hello,1,target_cpu,cores,1.5" +
                tail + "\"a,b\",hello,1,generator_cpu,cores,0.1" + tail +
                "\"a,b\",hello,1,foreign_cpu,cores,0.05" + tail +
                "\"a,b\",hello,1,busiest_worker_share,ratio,0.97" + tail);
  const std::string others = to_csv(result, Samples::others);
  EXPECT_EQ(others.rfind(head + "\"a,b\",hello,2,rps,req/s,9999999,1,false,not-verified,3\n", 0), 0U)
      << others;
  samples.resize(1);
  EXPECT_EQ(to_csv(result, Samples::others), head);
}

TEST(StudyReport, WhoLimitedAScenarioSurvivesTheJson) {
  StudyResult result = sample_study();
  result.targets[0].cells[0].samples[0].limited_by = "target";
  const std::string json = to_json(result);
  EXPECT_NE(json.find("\"limited_by\": \"target\""), std::string::npos);
  EXPECT_NE(json.find("\"limited_by\": null"), std::string::npos);
  const auto read = study_result_from_json(json);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->targets[0].cells[0].samples[0].limited_by, "target");
}

}  // namespace
}  // namespace saturn::study
