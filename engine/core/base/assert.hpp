// SATURN_ASSERT: a broken promise inside saturn ends the process with its place, in release builds too.
#pragma once

namespace saturn {

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line) noexcept;

}  // namespace saturn

#define SATURN_ASSERT(expression) \
  (static_cast<bool>(expression) ? void(0) : ::saturn::assertion_failed(#expression, __FILE__, __LINE__))
