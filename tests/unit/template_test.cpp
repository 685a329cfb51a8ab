#include "core/plan/template.hpp"

#include <gtest/gtest.h>

namespace saturn {
namespace {

using Kind = Piece::Kind;

std::vector<TemplatePart> good(std::string_view text) {
  auto parts = parse_template(text, "/p");
  EXPECT_TRUE(parts) << text << ": " << to_text(parts.errors()[0]);
  return parts ? *parts : std::vector<TemplatePart>();
}

std::string message(std::string_view text) {
  const auto parts = parse_template(text, "/p");
  EXPECT_FALSE(parts) << text;
  if (parts || parts.errors().size() != 1) return {};
  EXPECT_EQ(parts.errors()[0].place, "/p");
  EXPECT_NE(parts.errors()[0].remedy, "");
  return parts.errors()[0].message;
}

TEST(Template, LiteralsAndValuesInTheirOrder) {
  const auto parts = good("/a/{{seq}}/b{{vu}}{{iteration}}");
  ASSERT_EQ(parts.size(), 5u);
  EXPECT_EQ(parts[0].text, "/a/");
  EXPECT_EQ(parts[1].kind, Kind::seq);
  EXPECT_EQ(parts[1].text, "{{seq}}");
  EXPECT_EQ(parts[2].text, "/b");
  EXPECT_EQ(parts[3].kind, Kind::vu);
  EXPECT_EQ(parts[4].kind, Kind::iteration);
  EXPECT_TRUE(good("").empty());
  ASSERT_EQ(good("}} { }").size(), 1u);
}

TEST(Template, ArgumentsAndSpaces) {
  for (const auto* text :
       {"{{random_int(1,1500)}}", "{{ random_int( 1 , 1500 ) }}", "{{random_int (1, 1500)}}"}) {
    const auto parts = good(text);
    ASSERT_EQ(parts.size(), 1u);
    EXPECT_EQ(parts[0].kind, Kind::random_int);
    EXPECT_EQ(parts[0].low, 1);
    EXPECT_EQ(parts[0].high, 1500);
  }
  EXPECT_EQ(good("{{random_int(-5, -5)}}")[0].low, -5);
  EXPECT_EQ(good("{{ seq }}")[0].low, 1);
  EXPECT_EQ(good("{{seq(100)}}")[0].low, 100);
}

TEST(Template, WrongArgumentsAreRefused) {
  for (const auto* text : {"{{random_int}}", "{{random_int()}}", "{{random_int(1)}}", "{{random_int(1,2,3)}}",
                           "{{random_int(1, x)}}", "{{random_int(1, 2}}", "{{random_int(1.5, 2)}}",
                           "{{random_int(1, 9223372036854775808)}}", "{{seq()}}", "{{seq(1,2)}}", "{{vu(1)}}",
                           "{{iteration()}}"})
    EXPECT_EQ(message(text), std::string(text) + " is not written as this template wants it");
  EXPECT_EQ(message("{{random_int(2, 1)}}"), "{{random_int(2, 1)}}: the first number is above the second");
}

TEST(Template, UnknownAndLaterNamesAreRefused) {
  EXPECT_EQ(message("{{id}}"), "unknown template {{id}} (extracted values are not in this version)");
  EXPECT_EQ(message("{{}}"), "unknown template {{}} (extracted values are not in this version)");
  EXPECT_EQ(message("{{names.first}}"), "{{names.first}}: data columns are not in this version");
  EXPECT_EQ(message("{{run_id}}"), "{{run_id}} is not in this version");
  EXPECT_EQ(message("{{env.TOKEN}}"), "{{env.TOKEN}} is not in this version");
  EXPECT_EQ(message("/{{seq"), "a {{ is not closed by }}");
}

TEST(Template, EscapedBracesAreLiteral) {
  const auto parts = good("a\\{{ user }}{{seq}}\\{{");
  ASSERT_EQ(parts.size(), 5u);
  EXPECT_EQ(parts[0].text, "a");
  EXPECT_EQ(parts[1].text, "{{");
  EXPECT_EQ(parts[2].text, " user }}");
  EXPECT_EQ(parts[3].kind, Kind::seq);
  EXPECT_EQ(parts[4].text, "{{");
  EXPECT_EQ(good("\\\\{{x")[0].text, "\\");  // a backslash and two braces
}

TEST(Template, InJsonTheBackslashIsWrittenAsTwo) {
  const auto parts = parse_template(R"({"a":"\\{{ user }}"})", "/p", TemplateIn::json);
  ASSERT_TRUE(parts);
  ASSERT_EQ(parts->size(), 3u);
  EXPECT_EQ((*parts)[0].text, R"({"a":")");
  EXPECT_EQ((*parts)[1].text, "{{");
  EXPECT_FALSE(parse_template(R"({"a":"\n{{ user }}"})", "/p", TemplateIn::json));
}

TEST(Template, EscapingAndShowingAreInverse) {
  for (const auto* text : {"", "{", "{{", "{{{", "{{{{", "a {{ b }} {{c", "\\{{"}) {
    std::string read;
    for (const auto& part : good(escaped_templates(text))) read += part.text;
    EXPECT_EQ(read, text);
    EXPECT_EQ(shown_template(escaped_templates(text)), text);
  }
}

TEST(Template, AnUnknownNameSaysBothWaysToSendItAsItStands) {
  const auto parts = parse_template("{{ user }}", "/p");
  ASSERT_FALSE(parts);
  EXPECT_NE(parts.errors()[0].remedy.find("write \\{{"), std::string::npos);
  EXPECT_NE(parts.errors()[0].remedy.find("--no-templates"), std::string::npos);
}

TEST(Template, EveryErrorOfAText) {
  const auto parts = parse_template("{{a}} {{seq}} {{b}}", "/p");
  ASSERT_FALSE(parts);
  EXPECT_EQ(parts.errors().size(), 2u);
}

TEST(Template, WholeJsonStringsAreToldFromPartsAndKeys) {
  const auto whole = [](std::string_view json) {
    return is_whole_json_string(json, json.substr(json.find("{{"), json.find("}}") + 2 - json.find("{{")));
  };
  EXPECT_TRUE(whole(R"({"a":"{{seq}}"})"));
  EXPECT_TRUE(whole(R"("{{seq}}")"));
  EXPECT_TRUE(whole(R"(["{{seq}}" , 1])"));
  EXPECT_TRUE(whole(R"(["\\","{{seq}}"])"));
  EXPECT_FALSE(whole(R"({"{{seq}}":1})"));
  EXPECT_FALSE(whole(R"({"{{seq}}" : 1})"));
  EXPECT_FALSE(whole(R"(["x{{seq}}"])"));
  EXPECT_FALSE(whole(R"(["{{seq}} "])"));
  EXPECT_FALSE(whole(R"(["\"{{seq}}"])"));
  EXPECT_FALSE(whole("{{seq}}"));
}

}  // namespace
}  // namespace saturn
