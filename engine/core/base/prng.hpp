// Counter-based random numbers: a draw is a pure function of its coordinates, so that plan data depends
// neither on the number of shards nor on timing. The mixer is SplitMix64's finaliser. Also a small sequential
// generator for simulation.
#pragma once
#include <cstdint>

namespace saturn {

constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

/// Draw number `draw` of the iteration numbered `seq` in scenario `scenario`, under `seed`.
constexpr std::uint64_t draw(std::uint64_t seed, std::uint64_t scenario, std::uint64_t seq,
                             std::uint64_t draw_index) {
  return mix(mix(mix(mix(seed) ^ scenario) ^ seq) ^ draw_index);
}

/// Maps a 64-bit draw onto [low, high], both included, by multiplication (bias below 2^-64 times the range).
constexpr std::int64_t in_range(std::uint64_t random, std::int64_t low, std::int64_t high) {
  const auto span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
  if (span == 0) return static_cast<std::int64_t>(random);
  __extension__ using Wide = unsigned __int128;
  const auto offset = static_cast<std::uint64_t>((static_cast<Wide>(random) * span) >> 64);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + offset);
}

class Prng {
 public:
  explicit constexpr Prng(std::uint64_t seed) : state_(seed) {}
  constexpr std::uint64_t next() { return mix(state_++); }
  constexpr std::int64_t between(std::int64_t low, std::int64_t high) { return in_range(next(), low, high); }
  constexpr bool one_in(std::uint64_t n) { return n != 0 && next() % n == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace saturn
