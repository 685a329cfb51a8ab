// Errors are values with a place: what failed, where (JSON pointer, flag or address) and what to do about it.
// Result<T> holds a value or every error found, never only the first. Pure; tested through its users.
#pragma once
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace saturn {

/// Decides the exit code: `usage` means that nothing was sent (exit 1), `unreachable` that the work could not
/// be done (exit 2).
enum class ErrorKind { usage, setup, unreachable };

struct Error {
  std::string place;    ///< "/scenarios/0/flow/1/get", "--duration", "127.0.0.1:8000"; may be empty
  std::string message;  ///< what failed and why
  std::string remedy;   ///< what to do; may be empty
  ErrorKind kind = ErrorKind::usage;
};
using Errors = std::vector<Error>;

/// "place: message (remedy)", one line, for people.
std::string to_text(const Error& error);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Errors errors)
      : state_(std::in_place_index<1>, std::move(errors)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, Errors{std::move(error)}) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const { return state_.index() == 0; }
  T& value() & { return std::get<0>(state_); }
  const T& value() const& { return std::get<0>(state_); }
  T&& value() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  const Errors& errors() const { return std::get<1>(state_); }

 private:
  std::variant<T, Errors> state_;
};

}  // namespace saturn
