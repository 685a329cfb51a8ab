// Router of the reference target: which endpoint a target means, and what it allows.
#include "target/router.hpp"

#include <gtest/gtest.h>

#include <set>

namespace saturn::target {
namespace {

std::string where(std::string_view target) {
  const Route found = route(target);
  return std::string(pattern(found.endpoint)) + ' ' + std::to_string(found.number);
}

TEST(TargetRouter, KnowsTheStudysEndpoints) {
  EXPECT_EQ(where("/hello"), "/hello 0");
  EXPECT_EQ(where("/echo"), "/echo 0");
  EXPECT_EQ(where("/items/"), "/items/ 0");
  EXPECT_EQ(where("/items/1500"), "/items/{id} 1500");
  EXPECT_EQ(where("/items/9223372036854775807"), "/items/{id} 9223372036854775807");
  EXPECT_EQ(where("/_truth"), "/_truth 0");
  EXPECT_EQ(where("/_truth/reset"), "/_truth/reset 0");
}

TEST(TargetRouter, TheQueryDoesNotMatter) {
  EXPECT_EQ(where("/hello?name=x/y"), "/hello 0");
  EXPECT_EQ(where("/items/7?a=b"), "/items/{id} 7");
}

TEST(TargetRouter, ReadsTheArgumentsOfFaults) {
  EXPECT_EQ(where("/_fault/bytes/0"), "/_fault/bytes/{n} 0");
  EXPECT_EQ(where("/_fault/bytes/67108864"), "/_fault/bytes/{n} 67108864");
  EXPECT_EQ(where("/_fault/status/599"), "/_fault/status/{n} 599");
  EXPECT_EQ(where("/_fault/slow/5ms"), "/_fault/slow/{t} 5000000");
  EXPECT_EQ(where("/_fault/drop-after/3"), "/_fault/drop-after/{n} 3");
}

TEST(TargetRouter, WhatFitsNothingIsUnknown) {
  for (const char* target : {"",
                             "/",
                             "/hello/",
                             "/Hello",
                             "/items",
                             "/items/x",
                             "/items/1/",
                             "/items/-1",
                             "/items/9223372036854775808",
                             "/_fault/",
                             "/_fault/bytes/",
                             "/_fault/bytes/67108865",
                             "/_fault/status/199",
                             "/_fault/status/600",
                             "/_fault/slow/5",
                             "/_fault/slow/",
                             "/_fault/drop-after/0",
                             "/_truth/",
                             "*",
                             "?"})
    EXPECT_EQ(where(target), "(unknown) 0") << target;
}

TEST(TargetRouter, EveryEndpointHasItsOwnPattern) {
  std::set<std::string_view> patterns;
  for (std::size_t i = 0; i < kEndpoints; ++i) patterns.insert(pattern(static_cast<Endpoint>(i)));
  EXPECT_EQ(patterns.size(), kEndpoints);
  EXPECT_EQ(pattern(Endpoint::endless_head), "/_fault/endless-head");
  EXPECT_EQ(pattern(Endpoint::unknown), "(unknown)");
}

TEST(TargetRouter, SaysWhichMethodsAreAllowed) {
  EXPECT_EQ(allowed_methods(Endpoint::hello), "GET, HEAD");
  EXPECT_EQ(allowed_methods(Endpoint::echo), "POST");
  EXPECT_EQ(allowed_methods(Endpoint::items), "GET, HEAD, POST");
  EXPECT_EQ(allowed_methods(Endpoint::item), "GET, HEAD, PUT, DELETE");
  EXPECT_EQ(allowed_methods(Endpoint::truth_reset), "POST");
  EXPECT_TRUE(allows(Endpoint::reset, Method::post));
  EXPECT_TRUE(allows(Endpoint::unknown, Method::other));
  EXPECT_FALSE(allows(Endpoint::hello, Method::other));
}

}  // namespace
}  // namespace saturn::target
