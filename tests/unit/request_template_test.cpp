#include "core/plan/request_template.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/base/prng.hpp"

namespace saturn {
namespace {

using Kind = Piece::Kind;

/// Builds the text and the pieces together, as the compiler does.
class Builder {
 public:
  Builder& text(std::string_view literal) {
    pieces_.push_back({.offset = static_cast<std::uint32_t>(text_.size()),
                       .length = static_cast<std::uint32_t>(literal.size())});
    text_ += literal;
    return *this;
  }
  Builder& value(Kind kind, std::int64_t low = 0, std::int64_t high = 0, std::uint32_t draw_index = 0) {
    pieces_.push_back({.kind = kind, .low = low, .high = high, .draw_index = draw_index});
    return *this;
  }
  Builder& body() {
    head_ = std::move(pieces_);
    pieces_.clear();
    has_body_ = true;
    return *this;
  }
  RequestTemplate build() const {
    return has_body_ ? RequestTemplate(text_, head_, pieces_, true)
                     : RequestTemplate(text_, pieces_, {}, false);
  }

 private:
  std::string text_;
  std::vector<Piece> head_, pieces_;
  bool has_body_ = false;
};

std::string rendered(const RequestTemplate& request, const Coordinates& at) {
  std::string out(request.max_bytes(), '#');
  out.resize(request.render(at, out));
  return out;
}

std::string rendered_body(const RequestTemplate& request, const Coordinates& at) {
  std::string out(request.max_body_bytes(), '#');
  out.resize(request.render_body(at, out));
  return out;
}

TEST(RequestTemplate, StaticWithoutBodyEndsWithTheBlankLine) {
  const auto request = Builder().text("GET / HTTP/1.1\r\nHost: x\r\n").build();
  EXPECT_TRUE(request.is_static());
  EXPECT_EQ(request.static_bytes(), "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(rendered(request, {}), request.static_bytes());
  EXPECT_EQ(request.max_bytes(), request.static_bytes().size());
  EXPECT_EQ(request.max_body_bytes(), 0u);
}

TEST(RequestTemplate, StaticBodyGetsItsContentLength) {
  const auto request = Builder().text("POST / HTTP/1.1\r\n").body().text("hello").text(" you").build();
  EXPECT_TRUE(request.is_static());
  EXPECT_EQ(request.static_bytes(), "POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhello you");
  EXPECT_EQ(rendered_body(request, {}), "hello you");
  EXPECT_EQ(request.max_body_bytes(), 9u);
}

TEST(RequestTemplate, EmptyBodyHasContentLengthZero) {
  const auto request = Builder().text("POST / HTTP/1.1\r\n").body().build();
  EXPECT_EQ(request.static_bytes(), "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
}

TEST(RequestTemplate, ContentLengthFollowsTheValues) {
  const auto request = Builder()
                           .text("PUT /")
                           .value(Kind::seq, 1)
                           .text(" HTTP/1.1\r\n")
                           .body()
                           .text("[")
                           .value(Kind::seq, 100)
                           .text(",")
                           .value(Kind::vu)
                           .text(",")
                           .value(Kind::iteration)
                           .text("]")
                           .build();
  EXPECT_FALSE(request.is_static());
  EXPECT_EQ(rendered(request, {.seq = 1, .vu = 2, .iteration = 3}),
            "PUT /1 HTTP/1.1\r\nContent-Length: 9\r\n\r\n[100,2,3]");
  EXPECT_EQ(rendered(request, {.seq = 1000, .vu = 49, .iteration = 12345}),
            "PUT /1000 HTTP/1.1\r\nContent-Length: 15\r\n\r\n[1099,49,12345]");
  EXPECT_EQ(rendered_body(request, {.seq = 1, .vu = 2, .iteration = 3}), "[100,2,3]");
}

TEST(RequestTemplate, LargestValuesFitIntoMaxBytes) {
  const auto request = Builder()
                           .value(Kind::vu)
                           .body()
                           .value(Kind::iteration)
                           .value(Kind::random_int, INT64_MIN, INT64_MIN)
                           .value(Kind::seq, 1)
                           .build();
  const Coordinates at{.seq = INT64_MAX, .vu = UINT64_MAX, .iteration = UINT64_MAX};
  EXPECT_EQ(rendered(request, at),
            "18446744073709551615Content-Length: 59\r\n\r\n"
            "18446744073709551615-92233720368547758089223372036854775807");
}

TEST(RequestTemplate, RandomIntIsTheDrawOfItsCoordinates) {
  const auto request = Builder().text("/").value(Kind::random_int, 1, 1500, 3).build();
  for (std::uint64_t seq = 1; seq <= 100; ++seq) {
    const auto expected = in_range(draw(7, 2, seq, 3), 1, 1500);
    const Coordinates at{.seed = 7, .scenario = 2, .seq = seq, .vu = 9, .iteration = seq};
    EXPECT_EQ(rendered(request, at), "/" + std::to_string(expected) + "\r\n");
  }
}

TEST(RequestTemplate, RandomIntTakesAsMuchRoomAsItsLongerEnd) {
  const auto request = Builder().value(Kind::random_int, -100, 5).build();
  EXPECT_EQ(request.max_bytes(), std::string_view("-100\r\n").size());
}

TEST(RequestTemplate, TwoDrawsOfOneIterationDiffer) {
  const auto request = Builder()
                           .value(Kind::random_int, 0, 1'000'000'000, 0)
                           .text("-")
                           .value(Kind::random_int, 0, 1'000'000'000, 1)
                           .build();
  for (std::uint64_t seq = 1; seq <= 20; ++seq) {
    const auto text = rendered(request, {.seq = seq});
    const auto dash = text.find('-');
    EXPECT_NE(text.substr(0, dash) + "\r\n", text.substr(dash + 1));
  }
}

TEST(RequestTemplate, RenderingAgainGivesTheSameBytes) {
  const auto request =
      Builder().value(Kind::random_int, 1, 1500).body().value(Kind::random_int, 1, 1500, 1).build();
  std::set<std::string> all;
  for (std::uint64_t seq = 1; seq <= 50; ++seq) {
    const Coordinates at{.seed = 1, .seq = seq};
    const auto first = rendered(request, at);
    EXPECT_EQ(first, rendered(request, at));
    EXPECT_TRUE(first.ends_with("\r\n\r\n" + rendered_body(request, at)));
    all.insert(first);
  }
  EXPECT_GT(all.size(), 45u);
}

TEST(RequestTemplate, RendersKMaxValuesInTheBody) {
  Builder builder;
  builder.body();
  for (std::size_t i = 0; i < RequestTemplate::kMaxValues; ++i) builder.value(Kind::vu);
  std::string expected;
  for (std::size_t i = 0; i < RequestTemplate::kMaxValues; ++i) expected += "18446744073709551615";
  EXPECT_EQ(rendered(builder.build(), {.vu = UINT64_MAX}), "Content-Length: 1280\r\n\r\n" + expected);
}

}  // namespace
}  // namespace saturn
