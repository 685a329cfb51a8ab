#include <gtest/gtest.h>

#include "core/plan/parse.hpp"

namespace saturn {
namespace {

Url good(std::string_view text) {
  auto result = parse_url(text, "URL");
  EXPECT_TRUE(result) << text << ": " << to_text(result.errors()[0]);
  return result ? *result : Url{};
}

Error refused(std::string_view text) {
  const auto result = parse_url(text, "/base_url");
  EXPECT_FALSE(result) << text;
  if (result || result.errors().size() != 1) return {};
  EXPECT_EQ(result.errors()[0].place, "/base_url");
  return result.errors()[0];
}

TEST(Url, SchemeAndPortAndPathHaveDefaults) {
  const auto url = good("localhost");
  EXPECT_EQ(url.host, "localhost");
  EXPECT_EQ(url.port, 80);
  EXPECT_EQ(url.path, "/");
  EXPECT_EQ(url.host_header(), "localhost");
  EXPECT_EQ(url.base(), "http://localhost");
}

TEST(Url, HostPortAndPathWithoutScheme) {
  const auto url = good("localhost:8000/x");
  EXPECT_EQ(url.host, "localhost");
  EXPECT_EQ(url.port, 8000);
  EXPECT_EQ(url.path, "/x");
  EXPECT_EQ(url.host_header(), "localhost:8000");
  EXPECT_EQ(url.base(), "http://localhost:8000");
}

TEST(Url, Ipv6StandsInBrackets) {
  const auto url = good("http://[::1]:80/a?b=c");
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.path, "/a?b=c");
  EXPECT_EQ(url.host_header(), "[::1]");
  EXPECT_EQ(good("[fe80::1]:8080").host_header(), "[fe80::1]:8080");
}

TEST(Url, UserInfoIsKeptApartAndRedacted) {
  const auto url = good("HTTP://ann:p@ss@host:81/x?y");
  EXPECT_EQ(url.user_info, "ann:p@ss");
  EXPECT_EQ(url.host, "host");
  EXPECT_EQ(url.base(), "http://host:81");
  EXPECT_EQ(url.redacted(), "http://***@host:81/x?y");
  EXPECT_EQ(good("host").redacted(), "http://host/");
}

TEST(Url, QueryWithoutPathAndFragment) {
  EXPECT_EQ(good("host?a=1").path, "/?a=1");
  EXPECT_EQ(good("http://host/x#top").path, "/x");
  EXPECT_EQ(good("host?next=http://other/").path, "/?next=http://other/");
}

TEST(Url, TemplatesInThePathMayHoldSpaces) {
  EXPECT_EQ(good("host/items/{{random_int(1, 1500)}}").path, "/items/{{random_int(1, 1500)}}");
}

TEST(Url, HttpsSaysThatThereIsNoTls) {
  EXPECT_EQ(refused("https://host/").message, "no TLS in this build: https:// is not supported");
  EXPECT_EQ(refused("HTTPS://host/").message, "no TLS in this build: https:// is not supported");
  EXPECT_EQ(refused("ftp://host/").message, "the scheme \"ftp\" is not supported");
}

TEST(Url, BadHostsAndPortsAreRefused) {
  EXPECT_EQ(refused("").message, "the URL has no host");
  EXPECT_EQ(refused("http:///x").message, "the URL has no host");
  EXPECT_EQ(refused("http://:80/").message, "the URL has no host");
  EXPECT_EQ(refused("http://a b/").message, "\"a b\" is not a host name or address");
  EXPECT_EQ(refused("http://b\xc3\xbc"
                    "cher/")
                .message,
            "\"b\xc3\xbc"
            "cher\" is not a host name or address");
  EXPECT_EQ(refused("http://[::1/").message, "the IPv6 address is not closed by \"]\"");
  EXPECT_EQ(refused("http://[::1]8/").message, "the IPv6 address is not closed by \"]\"");
  for (const auto* port : {"0", "65536", "", "8x", "-1", "+80"})
    EXPECT_EQ(refused("http://h:" + std::string(port) + "/").message,
              "\"" + std::string(port) + "\" is not a port");
  for (const auto* socket : {"unix:/run/app.sock", "unix:///run/app.sock", "http://unix:/run/app.sock:/hello",
                             "http+unix://%2Frun%2Fapp.sock/hello"})
    EXPECT_EQ(refused(socket).message, "unix sockets are not in this version");
}

TEST(Url, NothingUnsendableGetsIntoTheRequestLine) {
  EXPECT_EQ(refused("http://h/a b").message, "the path holds a space");
  EXPECT_EQ(refused("http://h/a\r\nX: y").message, "the path holds a control character");
  EXPECT_EQ(refused("http://h/{{a\r\n}}").message, "the path holds a control character");
  EXPECT_EQ(refused("http://h/\xc3\xbc").message, "the path holds a character outside ASCII");
  EXPECT_EQ(refused("http://a\r\nb@h/").message, "the user info holds a control character");
}

}  // namespace
}  // namespace saturn
