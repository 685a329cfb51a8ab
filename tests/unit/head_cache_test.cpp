#include "core/http/head_cache.hpp"

#include <gtest/gtest.h>

#include <string>

namespace saturn {
namespace {

const std::string kHead =
    "HTTP/1.1 200 OK\r\nServer: x\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 5\r\n\r\n";
const std::string kDate = "Sun, 06 Nov 1994 08:49:37 GMT";

HeadCache knowing(const std::string& head) {
  HeadCache cache;
  EXPECT_EQ(cache.match(head), nullptr);
  cache.learn(head, 200, 5);
  return cache;
}

std::string with_date(std::string head, const std::string& date) {
  return head.replace(head.find(kDate), kDate.size(), date);
}

TEST(HeadCache, SaysWhatWasLearned) {
  HeadCache cache = knowing(kHead);
  const auto* known = cache.match(kHead + "hello and what follows");
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->head_bytes, kHead.size());
  EXPECT_EQ(known->body_bytes, 5U);
  EXPECT_EQ(known->status, 200);
}

TEST(HeadCache, KnowsNothingUntilItLearns) {
  HeadCache cache;
  for (int i = 0; i < 100; ++i) EXPECT_EQ(cache.match(kHead), nullptr);
}

TEST(HeadCache, EveryByteButTheDatesMatters) {
  const std::size_t date = kHead.find(kDate);
  for (std::size_t i = 0; i < kHead.size(); ++i) {
    HeadCache cache = knowing(kHead);
    std::string other = kHead;
    other[i] = other[i] == '8' ? '9' : '8';
    const bool digit_of_date = i >= date && i < date + kDate.size() && kHead[i] >= '0' && kHead[i] <= '9';
    EXPECT_EQ(cache.match(other) != nullptr, digit_of_date) << "byte " << i;
  }
}

TEST(HeadCache, AHeadThatIsNotWholeIsNotMatched) {
  for (std::size_t size = 0; size < kHead.size(); ++size)
    EXPECT_EQ(knowing(kHead).match(std::string_view(kHead).substr(0, size)), nullptr) << size;
}

TEST(HeadCache, OnlyAWellFormedDateIsMasked) {
  HeadCache cache = knowing(kHead);
  EXPECT_NE(cache.match(with_date(kHead, "Mon, 23 Nov 2026 23:59:59 GMT")), nullptr);
  EXPECT_NE(cache.match(kHead), nullptr);  // and back
  EXPECT_EQ(cache.match(with_date(kHead, "Mon, 23 Nov 2026 23:59:59 UTC")), nullptr);
  EXPECT_EQ(cache.match(with_date(kHead, "Mon, 23 Nov 2026 23:59:5\n GMT")), nullptr);
  EXPECT_EQ(cache.match(with_date(kHead, "Monday, 23-Nov-26 23:59:59 GM")), nullptr);
}

TEST(HeadCache, MasksOneDateHeaderOfAnyCase) {
  const std::string small = "HTTP/1.1 200 OK\r\ndate: " + kDate + "\r\ncontent-length: 5\r\n\r\n";
  EXPECT_NE(knowing(small).match(with_date(small, "Mon, 23 Nov 2026 23:59:59 GMT")), nullptr);
  for (const char* before : {"X-Date: ", "Date:", "Date:  ", "Expires: "}) {
    const std::string other =
        "HTTP/1.1 200 OK\r\n" + std::string(before) + kDate + "\r\nContent-Length: 5\r\n\r\n";
    EXPECT_EQ(knowing(other).match(with_date(other, "Mon, 23 Nov 2026 23:59:59 GMT")), nullptr) << before;
    EXPECT_NE(knowing(other).match(other), nullptr) << before;
  }
  const std::string longer = "HTTP/1.1 200 OK\r\nDate: " + kDate + ".5\r\nContent-Length: 5\r\n\r\n";
  EXPECT_EQ(knowing(longer).match(with_date(longer, "Mon, 23 Nov 2026 23:59:59 GMT")), nullptr);
  const std::string last = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nDate: " + kDate + "\r\n\r\n";
  EXPECT_NE(knowing(last).match(with_date(last, "Mon, 23 Nov 2026 23:59:59 GMT")), nullptr);
}

TEST(HeadCache, RestsAfterSixteenMissesInARowAndLearnsAnewAfterItsRest) {
  HeadCache cache = knowing(kHead);
  const std::string other = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  for (int i = 0; i < 15; ++i) ASSERT_EQ(cache.match(other), nullptr);
  ASSERT_NE(cache.match(kHead), nullptr);  // fifteen are not enough
  for (int i = 0; i < 16; ++i) ASSERT_EQ(cache.match(other), nullptr);
  for (int i = 0; i < 1024; ++i) {
    ASSERT_EQ(cache.match(kHead), nullptr) << i;  // resting: not even what it knows
    if (i < 1023) cache.learn(other, 404, 0);     // nor does it learn
  }
  cache.learn(other, 404, 0);
  const auto* known = cache.match(other);
  ASSERT_NE(known, nullptr);
  EXPECT_EQ(known->status, 404);
}

TEST(HeadCache, KeepsTheFirstHeadWhileItIsOfUse) {
  HeadCache cache = knowing(kHead);
  const std::string other = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(cache.match(other), nullptr);
    cache.learn(other, 404, 0);
    EXPECT_NE(cache.match(kHead), nullptr);
  }
}

TEST(HeadCache, LearnsNoHeadOverItsLimit) {
  const auto head_of = [](std::size_t size) {
    const std::string around = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: \r\n\r\n";
    return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX: " + std::string(size - around.size(), 'x') +
           "\r\n\r\n";
  };
  EXPECT_NE(knowing(head_of(1024)).match(head_of(1024)), nullptr);
  EXPECT_EQ(knowing(head_of(1025)).match(head_of(1025)), nullptr);
}

TEST(HttpDate, HasEachByteInItsPlace) {
  EXPECT_TRUE(is_http_date(kDate));
  for (const std::string day : {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat"})
    EXPECT_TRUE(is_http_date(day + kDate.substr(3)));
  for (const std::string month :
       {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Dec"})
    EXPECT_TRUE(is_http_date(kDate.substr(0, 8) + month + kDate.substr(11)));
  for (std::size_t i = 0; i < kDate.size(); ++i)
    for (const char wrong : {'\r', '\0', 'x', '-', '\xff'}) {
      std::string date = kDate;
      date[i] = wrong;
      EXPECT_FALSE(is_http_date(date)) << date;
    }
  for (const char* wrong :
       {"", "Sun, 06 Nov 1994 08:49:37 GM", "Sun, 06 Nov 1994 08:49:37 GMT ", "unM, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 anF 1994 08:49:37 GMT", "sun, 06 nov 1994 08:49:37 gmt"})
    EXPECT_FALSE(is_http_date(wrong)) << wrong;
}

}  // namespace
}  // namespace saturn
