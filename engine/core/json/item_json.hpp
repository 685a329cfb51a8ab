// Reads the JSON bodies of the reference target's requests: is it JSON at all, and is it an item of the study
// ({"name": text, "price": number, "description": text or null, may be left out}; other keys are ignored).
// One per thread; allocates only until it has seen its largest body. Part of the only user of simdjson, so
// integers beyond 64 bits count as no JSON. Tested in tests/unit/item_json_test.cpp.
#pragma once
#include <memory>
#include <optional>
#include <string_view>

namespace saturn {

/// The texts live in the reader and stay valid until its next call.
struct ItemFields {
  std::string_view name;
  std::optional<std::string_view> description;
  double price = 0;
};

class ItemReader {
 public:
  ItemReader();
  ~ItemReader();

  bool is_json(std::string_view text);
  /// Null when `fields` was filled, otherwise what is wrong, for the answer.
  const char* read(std::string_view text, ItemFields& fields);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace saturn
