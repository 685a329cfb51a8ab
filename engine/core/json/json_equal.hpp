// Compares two JSON texts by value: numbers by value (1 equals 1.0), key order free. Allocates only at
// construction and when a text is larger than the capacity asked for (which then counts as different). Part
// of the only user of simdjson.
#pragma once
#include <cstddef>
#include <memory>
#include <span>

namespace saturn {

class JsonComparer {
 public:
  explicit JsonComparer(std::size_t capacity_bytes);
  ~JsonComparer();
  JsonComparer(JsonComparer&&) noexcept;
  JsonComparer& operator=(JsonComparer&&) noexcept;

  static constexpr std::size_t kPadding = 64;  ///< readable bytes that must follow each text

  /// Both spans must be followed by kPadding readable bytes. False when either is not valid JSON.
  bool equal(std::span<const char> a, std::span<const char> b) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace saturn
