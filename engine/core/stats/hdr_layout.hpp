// HdrHistogram's bucket layout for values from 1 (and 0) to one hour in nanoseconds: 2^Bits equal buckets
// first, then half as many for each doubling. 11 bits keep three significant digits, 8 bits two. Pure
// arithmetic, shared by Histogram and Series. Tested in tests/unit/histogram_test.cpp and series_test.cpp.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>

namespace saturn {

template <unsigned Bits>
struct HdrLayout {
  static constexpr std::uint64_t kHighest = 3'600'000'000'000;
  static constexpr std::uint64_t kHalf = 1U << (Bits - 1);

  static constexpr std::size_t index_of(std::uint64_t value) {
    const unsigned octave = 64U - Bits - static_cast<unsigned>(std::countl_zero(value | (2 * kHalf - 1)));
    return static_cast<std::size_t>((std::uint64_t{octave} << (Bits - 1)) + (value >> octave));
  }
  /// Where a value is counted: one above the range counts at its top.
  static constexpr std::size_t clamped_index_of(std::uint64_t value) {
    return index_of(value <= kHighest ? value : kHighest);
  }
  static constexpr std::uint64_t lowest_in(std::size_t index) {
    if (index < 2 * kHalf) return index;
    return ((index & (kHalf - 1)) + kHalf) << (index / kHalf - 1);
  }
  static constexpr std::uint64_t highest_in(std::size_t index) { return lowest_in(index + 1) - 1; }

  /// Whole octaves, so that the top one is complete.
  static constexpr std::size_t size() { return (index_of(kHighest) / kHalf + 1) * kHalf; }
};

}  // namespace saturn
