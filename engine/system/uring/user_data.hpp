// What comes back with a completion, packed into 64 bits: operation (4) · generation of the connection (28) ·
// slot (32). A completion whose generation is not the slot's any more belongs to a connection that is gone.
#pragma once
#include <cstdint>

namespace saturn {

struct UserData {
  enum class Op : std::uint8_t {
    none,
    connect,
    send,
    // Receives name the pool that their buffers are from and their form: a completion does not tell.
    receive,
    receive_large,
    receive_once,
    receive_once_large,
    discard,
    make,  ///< a socket that the ring was to make, and could not
  };
  /// These have a bit each in Socket::under_way.
  static constexpr unsigned kLastOfASocket = static_cast<unsigned>(Op::discard);
  static constexpr Op receive_op(bool large, bool once) {
    return static_cast<Op>(static_cast<unsigned>(Op::receive) + (large ? 1U : 0U) + (once ? 2U : 0U));
  }
  constexpr bool large() const { return op == Op::receive_large || op == Op::receive_once_large; }
  constexpr bool once() const { return op == Op::receive_once || op == Op::receive_once_large; }
  static constexpr std::uint32_t kGenerationMask = (1U << 28) - 1;

  Op op = Op::none;
  std::uint32_t generation = 0;
  std::uint32_t slot = 0;

  constexpr std::uint64_t pack() const {
    return static_cast<std::uint64_t>(op) << 60 |
           static_cast<std::uint64_t>(generation & kGenerationMask) << 32 | slot;
  }
  static constexpr UserData unpack(std::uint64_t packed) {
    return {static_cast<Op>(packed >> 60), static_cast<std::uint32_t>(packed >> 32) & kGenerationMask,
            static_cast<std::uint32_t>(packed)};
  }
};

}  // namespace saturn
