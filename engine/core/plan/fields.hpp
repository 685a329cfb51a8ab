// The members of one JSON object, read by name: what has the wrong type, is unknown ("did you mean") or is
// not in this version becomes an error with its pointer. "$schema" and "comment" are accepted everywhere.
// Pure; tested in tests/unit/plan_fields_test.cpp.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json/value.hpp"
#include "saturn/error.hpp"
#include "saturn/time.hpp"

namespace saturn {

class Fields {
 public:
  /// Tells when `value` is no object; every read then finds nothing.
  Fields(const json::Value& value, std::string place, Errors& errors);

  /// The member, or nullptr. Asking makes the key a known one.
  const json::Value* find(std::string_view key);
  /// Each leaves `out` alone when the key is absent or wrong.
  void read(std::string_view key, std::string& out);
  void read(std::string_view key, bool& out);
  void read(std::string_view key, Nanos& out);
  void read(std::string_view key, std::optional<Nanos>& out);
  void read(std::string_view key, std::optional<std::uint64_t>& out);
  void read(std::string_view key, std::uint32_t& out);  ///< above the type's range: its largest value

  /// Keys of a later version: refused by name, and never suggested.
  void not_yet(std::initializer_list<std::string_view> keys, std::string_view remedy = "leave it out");
  /// A word that people try here: what to write for it.
  void instead(std::initializer_list<std::string_view> keys, std::string_view remedy);
  /// Keys that nobody asked for are errors. Call it last, once.
  void finish();

  std::string place_of(std::string_view key) const;
  void fail(std::string_view key, std::string message, std::string remedy = {});

 private:
  const json::Object& members_;
  std::string place_;
  Errors& errors_;
  std::vector<std::string_view> known_, suggested_;  ///< the latter: without keys of a later version
};

/// "did you mean X?" for the nearest of `names`; empty when none is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& names);

}  // namespace saturn
