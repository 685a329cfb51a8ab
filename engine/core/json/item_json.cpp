#include "core/json/item_json.hpp"

#include <simdjson.h>

namespace saturn {

using simdjson::dom::element;

struct ItemReader::State {
  simdjson::dom::parser parser;

  bool parse(std::string_view text, element& root) {
    return parser.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS;
  }
};

ItemReader::ItemReader() : state_(std::make_unique<State>()) {}
ItemReader::~ItemReader() = default;

bool ItemReader::is_json(std::string_view text) {
  element root;
  return state_->parse(text, root);
}

const char* ItemReader::read(std::string_view text, ItemFields& fields) {
  element root;
  if (!state_->parse(text, root)) return "the body is not valid JSON";
  if (!root.is_object()) return "the body is not a JSON object";
  if (root["name"].get(fields.name) != simdjson::SUCCESS) return "name is missing or not a text";
  // get<double> takes integers too, but nothing that is no number.
  if (root["price"].get(fields.price) != simdjson::SUCCESS) return "price is missing or not a number";
  fields.description.reset();
  element description;
  if (root["description"].get(description) != simdjson::SUCCESS || description.is_null()) return nullptr;
  std::string_view description_text;
  if (description.get(description_text) != simdjson::SUCCESS) return "description is neither a text nor null";
  fields.description = description_text;
  return nullptr;
}

}  // namespace saturn
