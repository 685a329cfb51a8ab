#include "core/base/zero_pages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

namespace saturn {
namespace {

TEST(ZeroPages, ElementsAreZeroAndCopiesKeepValues) {
  ZeroPages<std::uint64_t> values(100'000);
  EXPECT_EQ(std::count(values.begin(), values.end(), 0U), 100'000);
  values[99'999] = 7;
  const ZeroPages<std::uint64_t> copy = values;
  EXPECT_EQ(copy[99'999], 7U);
  EXPECT_EQ(copy[0], 0U);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
std::size_t resident_pages() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident;
}

TEST(ZeroPages, UntouchedPagesAreNotResident) {
  const std::size_t before = resident_pages();
  ZeroPages<std::uint64_t> values(16 * 1024 * 1024);  // 128 MiB
  values[1'000'000] = 1;
  EXPECT_LT(resident_pages() - before, 1024U);  // 4 MiB
  EXPECT_EQ(values[1'000'000], 1U);
}
#endif

}  // namespace
}  // namespace saturn
