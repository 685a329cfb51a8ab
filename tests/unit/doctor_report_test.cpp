#include "doctor_report.hpp"

#include <gtest/gtest.h>

#include "core/json/value.hpp"
#include "support/schema.hpp"

namespace saturn::cli {
namespace {

using doctor::Finding;
using doctor::Level;

const std::vector<Finding> kFindings{
    {"kernel", Level::good, "6.18.44", ""},
    {"CPU governor", Level::unknown, "unknown: no frequency scaling to be seen", ""},
    {"cores", Level::warn,
     "1: a server on this machine and saturn take it from each other, and what they take is latency",
     "use a machine with two cores"},
    {"io_uring", Level::bad, "refused", "allow it"},
};

TEST(DoctorText, IsOneLineAFindingWithItsRemedyBelow) {
  EXPECT_EQ(doctor_text(kFindings, {false, 80}),
            "  good     kernel                6.18.44\n"
            "  unknown  CPU governor          unknown: no frequency scaling to be seen\n"
            "  warn     cores                 1: a server on this machine and saturn take it\n"
            "                                 from each other, and what they take is latency\n"
            "                                 → use a machine with two cores\n"
            "  bad      io_uring              refused\n"
            "                                 → allow it\n"
            "\n"
            "1 good · 1 unknown · 1 warn · 1 bad: saturn cannot run here as it is\n");
}

TEST(DoctorText, ColoursWhatIsNotGood) {
  const auto text = doctor_text(kFindings, {true, 80});
  EXPECT_NE(text.find("\x1b[1;31m  bad"), std::string::npos) << text;
  EXPECT_NE(text.find("\x1b[33m  warn"), std::string::npos) << text;
}

TEST(DoctorJson, IsWhatTheSchemaSays) {
  const auto schema = test::read_schema("doctor.schema.json");
  const auto document = json::parse(doctor_json(kFindings));
  ASSERT_TRUE(document);
  EXPECT_EQ(test::SchemaValidator(schema).run(*document), std::vector<std::string>{});
  EXPECT_EQ(*document->find("worst")->as_string(), "bad");
  EXPECT_EQ(document->find("counts")->find("warn")->as_int64(), 1);
  const auto& first = (*document->find("findings")->as_array())[0];
  EXPECT_TRUE(first.find("remedy")->is_null());
}

}  // namespace
}  // namespace saturn::cli
