// A place in a JSON document being read: knows its pointer, collects an error for every key that is missing
// or of another type, and reads on. Pure; used and tested through from_json
// (tests/unit/result_read_test.cpp).
#pragma once
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/json/value.hpp"
#include "saturn/error.hpp"

namespace saturn {

class JsonNode {
 public:
  JsonNode(const json::Value* value, std::string pointer, Errors& errors)
      : value_(value), pointer_(std::move(pointer)), errors_(&errors) {}

  /// A missing member is an error once; what is read from it keeps its default.
  JsonNode operator[](std::string_view key) const {
    const json::Value* child = value_ == nullptr ? nullptr : value_->find(key);
    JsonNode node(child, pointer_ + "/" + json::pointer_token(key), *errors_);
    if (value_ != nullptr && child == nullptr) node.complain("is missing");
    return node;
  }

  /// A member that older results of the same schema don't have: missing, it keeps its default.
  JsonNode added(std::string_view key) const {
    const json::Value* child = value_ == nullptr ? nullptr : value_->find(key);
    return {child, pointer_ + "/" + json::pointer_token(key), *errors_};
  }

  bool is_null() const { return value_ == nullptr || value_->is_null(); }
  const json::Value* value() const { return value_; }
  void complain(std::string message) const {
    errors_->push_back({pointer_, std::move(message), "", ErrorKind::usage});
  }

  template <class T>
  void read(T& out) const {
    if (value_ == nullptr) return;
    if (!convert(out))
      complain("has to be " + expected<T>() + ", but is " + std::string(value_->type_name()));
  }
  template <class T>
  void read(std::optional<T>& out) const {
    out.reset();
    if (is_null()) return;
    read(out.emplace());
  }
  /// Facts of a machine that nobody could look up: null stands for 0.
  template <class T>
  void read_or_zero(T& out) const {
    if (!is_null()) read(out);
  }

  /// f(node) for every element of an array.
  template <class F>
  void each(F&& f) const {
    if (value_ == nullptr) return;
    const json::Array* array = value_->as_array();
    if (array == nullptr) return complain("has to be an array, but is " + std::string(value_->type_name()));
    for (std::size_t i = 0; i < array->size(); ++i)
      f(JsonNode(&(*array)[i], pointer_ + "/" + std::to_string(i), *errors_));
  }
  /// f(key, node) for every member of an object.
  template <class F>
  void members(F&& f) const {
    if (value_ == nullptr) return;
    const json::Object* object = value_->as_object();
    if (object == nullptr) return complain("has to be an object, but is " + std::string(value_->type_name()));
    for (const auto& member : *object)
      f(member.key, JsonNode(&member.value, pointer_ + "/" + json::pointer_token(member.key), *errors_));
  }

 private:
  template <class T>
  static std::string expected() {
    if constexpr (std::same_as<T, std::string>) return "a string";
    if constexpr (std::same_as<T, bool>) return "true or false";
    if constexpr (std::floating_point<T>) return "a number";
    return std::unsigned_integral<T> ? "a whole number, not negative" : "a whole number";
  }
  bool convert(std::string& out) const { return take(value_->as_string(), out); }
  bool convert(bool& out) const { return take(value_->as_bool(), out); }
  bool convert(double& out) const { return take(value_->as_double(), out); }
  template <std::unsigned_integral T>
  bool convert(T& out) const {
    const auto number = value_->as_uint64();
    if (!number || *number > std::numeric_limits<T>::max()) return false;
    out = static_cast<T>(*number);
    return true;
  }
  template <std::signed_integral T>
  bool convert(T& out) const {
    const auto number = value_->as_int64();
    if (!number || *number > std::numeric_limits<T>::max() || *number < std::numeric_limits<T>::min())
      return false;
    out = static_cast<T>(*number);
    return true;
  }
  template <class Found, class T>
  static bool take(const Found& found, T& out) {
    if (!found) return false;
    out = *found;
    return true;
  }

  const json::Value* value_;
  std::string pointer_;
  Errors* errors_;
};

}  // namespace saturn
