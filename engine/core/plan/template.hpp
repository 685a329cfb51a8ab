// {{templates}} in a path, a header value or a body: text → literals and values, every problem with its
// place; \{{ is a literal {{ and begins none. What a later version will have ({{run_id}}, {{env.X}}, data
// columns, extracted values) is refused by name. Pure; tested in tests/unit/template_test.cpp.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan/request_template.hpp"
#include "saturn/error.hpp"

namespace saturn {

struct TemplatePart {
  Piece::Kind kind = Piece::Kind::literal;
  std::int64_t low = 0, high = 0;  ///< as in Piece
  std::string_view text;           ///< where it stands in the source, braces included
};

/// Where a text stands: in JSON text the backslash of \{{ is written as two.
enum class TemplateIn : std::uint8_t { text, json };

Result<std::vector<TemplatePart>> parse_template(std::string_view text, std::string_view place,
                                                 TemplateIn in = TemplateIn::text);

std::string escaped_templates(std::string_view text);  ///< \{{ for every {{: parsed again, it is `text`
std::string shown_template(std::string_view text);     ///< {{ for every \{{: for people

/// In the JSON text `json`, is `part` the whole of a string that is a value (not a key)? Then it stands for a
/// bare number, quotes and all.
bool is_whole_json_string(std::string_view json, std::string_view part);

}  // namespace saturn
