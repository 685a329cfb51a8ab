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
  x flask-sqlite3      2.31 (1.77)
flask-sqlite3                4,000*
  failed (repeat 2): update: read back, /items/7 does not hold what was written
django-drf
  failed (repeat 1, 2): ended before it was ready: exit code 1, its last words: No module named
    'django'
fastapi-sqlite3-h11          5,000
  min–max              5,000–5,000
  x flask-sqlite3             1.25
------------------------------------
native                      98,500
  min–max            98,000–99,000
  x flask-sqlite3            24.62

Mean response time in milliseconds (lower is better)
                            create          delete
fastapi-sqlite3               19.0!           2.10*~
  min–max                18.0–20.0       2.00–2.20
  x flask-sqlite3      1.19 (0.71)     1.24 (0.97)
flask-sqlite3                 16.0            1.70
django-drf          nothing to show, see above
----------------------------------------------------
native                        3.25               –
  x flask-sqlite3             0.20

x flask-sqlite3: ratio to it on this machine, in brackets as published. Ratios travel between
  machines, absolute numbers don't.
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

TEST(StudyReport, ValuesAreALineEachAndFailedRunsAreLeftOut) {
  StudyResult result = sample_study();
  result.targets = {result.targets[1]};
  result.targets[0].name = "a,b";
  result.targets[0].cells.resize(1);
  EXPECT_EQ(to_csv(result),
            "target,scenario,repeat,metric,unit,value\n"
            "\"a,b\",hello,1,rps,req/s,4000\n"
            "\"a,b\",hello,1,p50_latency,ms,5\n"
            "\"a,b\",hello,1,p99_latency,ms,12.5\n"
            "\"a,b\",hello,1,failed,requests,0\n"
            "\"a,b\",hello,1,not_ok,requests,0\n"
            "\"a,b\",hello,1,target_cpu,cores,1.5\n"
            "\"a,b\",hello,1,generator_cpu,cores,0.1\n"
            "\"a,b\",hello,1,foreign_cpu,cores,0.05\n"
            "\"a,b\",hello,1,busiest_worker_share,ratio,0.97\n");
}

}  // namespace
}  // namespace saturn::study
