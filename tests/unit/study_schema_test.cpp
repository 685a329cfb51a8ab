// The published schemas hold for what is written, and for the study that is shipped.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/json/value.hpp"
#include "study/study_report.hpp"
#include "support/schema.hpp"
#include "support/study_sample.hpp"

namespace saturn::study {
namespace {

std::string shipped_study() {
  std::ifstream in(SATURN_SOURCE_DIR "/bench/study/python-web.json");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> violations(const std::string& schema_file, const std::string& text) {
  const auto schema = test::read_schema(schema_file);
  const auto document = json::parse(text);
  if (!document) return {"no JSON"};
  return test::SchemaValidator(schema).run(*document);
}

TEST(StudySchema, HoldsForResults) {
  const std::vector<std::string> none;
  EXPECT_EQ(violations("study-result.schema.json", to_json(sample_study())), none);
  StudyResult empty;
  empty.repeats = 1;
  EXPECT_EQ(violations("study-result.schema.json", to_json(empty)), none);
}

TEST(StudySchema, HoldsForTheShippedStudy) {
  EXPECT_EQ(violations("study.schema.json", shipped_study()), std::vector<std::string>{});
}

TEST(StudySchema, NoticesAKeyThatIsUnknown) {
  std::string json = shipped_study();
  json.replace(json.find("\"settle\""), 8, "\"settel\"");
  EXPECT_EQ(violations("study.schema.json", json),
            std::vector<std::string>{"/procedure/settel: not in the schema"});
}

}  // namespace
}  // namespace saturn::study
