#include "core/plan/fields.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/edit_distance.hpp"
#include "core/plan/parse.hpp"

namespace saturn {
namespace {

const json::Object& members_of(const json::Value& value) {
  static const json::Object none;
  const auto* object = value.as_object();
  return object != nullptr ? *object : none;
}

}  // namespace

std::string did_you_mean(std::string_view name, const std::vector<std::string_view>& names) {
  std::size_t nearest = std::max<std::size_t>(1, name.size() / 3) + 1;
  std::string_view found;
  for (const auto candidate : names) {
    const auto distance = edit_distance(name, candidate);
    if (distance >= nearest) continue;
    nearest = distance;
    found = candidate;
  }
  return found.empty() ? std::string() : "did you mean \"" + std::string(found) + "\"?";
}

Fields::Fields(const json::Value& value, std::string place, Errors& errors)
    : members_(members_of(value)), place_(std::move(place)), errors_(errors), known_{"$schema", "comment"} {
  if (value.as_object() == nullptr)
    errors_.push_back({place_, "an object is wanted here, not " + std::string(value.type_name()), {}});
}

const json::Value* Fields::find(std::string_view key) {
  known_.push_back(key);
  suggested_.push_back(key);
  for (const auto& member : members_)
    if (member.key == key) return &member.value;
  return nullptr;
}

std::string Fields::place_of(std::string_view key) const {
  return place_ + "/" + json::pointer_token(key);
}

void Fields::fail(std::string_view key, std::string message, std::string remedy) {
  errors_.push_back({place_of(key), std::move(message), std::move(remedy)});
}

void Fields::read(std::string_view key, std::string& out) {
  const auto* value = find(key);
  if (value == nullptr) return;
  if (const auto* text = value->as_string())
    out = *text;
  else
    fail(key, "a string is wanted here, not " + std::string(value->type_name()));
}

void Fields::read(std::string_view key, bool& out) {
  const auto* value = find(key);
  if (value == nullptr) return;
  if (const auto* flag = value->as_bool())
    out = *flag;
  else
    fail(key, "true or false is wanted here, not " + std::string(value->type_name()));
}

void Fields::read(std::string_view key, std::optional<Nanos>& out) {
  const auto* value = find(key);
  if (value == nullptr) return;
  const auto* text = value->as_string();
  if (text == nullptr) {
    const bool number = value->as_double().has_value();
    return fail(key, "a duration is a string with a unit, not " + std::string(value->type_name()),
                number ? "did you mean \"" + to_text(*value) + "s\"?" : "write for example \"30s\"");
  }
  const auto duration = parse_duration(*text, place_of(key));
  if (duration)
    out = *duration;
  else
    errors_.insert(errors_.end(), duration.errors().begin(), duration.errors().end());
}

void Fields::read(std::string_view key, Nanos& out) {
  std::optional<Nanos> duration;
  read(key, duration);
  out = duration.value_or(out);
}

void Fields::read(std::string_view key, std::optional<std::uint64_t>& out) {
  const auto* value = find(key);
  if (value == nullptr) return;
  if (const auto count = value->as_uint64()) {
    out = *count;
  } else {
    const bool number = value->as_double().has_value();
    fail(key, "a whole number from 0 is wanted here, not " +
                  (number ? to_text(*value) : std::string(value->type_name())));
  }
}

void Fields::read(std::string_view key, std::uint32_t& out) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::uint32_t>::max();
  std::optional<std::uint64_t> count;
  read(key, count);
  if (count) out = static_cast<std::uint32_t>(std::min(*count, kLargest));
}

void Fields::not_yet(std::initializer_list<std::string_view> keys, std::string_view remedy) {
  for (const auto key : keys) {
    if (find(key) != nullptr)
      fail(key, "\"" + std::string(key) + "\" is not in this version", std::string(remedy));
    suggested_.pop_back();
  }
}

void Fields::instead(std::initializer_list<std::string_view> keys, std::string_view remedy) {
  for (const auto key : keys) {
    if (find(key) != nullptr) fail(key, "unknown key \"" + std::string(key) + "\"", std::string(remedy));
    suggested_.pop_back();
  }
}

void Fields::finish() {
  for (const auto& member : members_)
    if (std::find(known_.begin(), known_.end(), member.key) == known_.end())
      fail(member.key, "unknown key \"" + member.key + "\"", did_you_mean(member.key, suggested_));
}

}  // namespace saturn
