#include "redact.hpp"

#include <gtest/gtest.h>

namespace saturn::cli {
namespace {

TEST(Redact, AFileTakesThePlaceOfTheWordForIt) {
  EXPECT_EQ(with_file("run it with: saturn study FILE", "a b.json"), "run it with: saturn study 'a b.json'");
  EXPECT_EQ(with_file("run it with: saturn study FILE", "-"), "run it with: saturn study FILE");
  EXPECT_EQ(with_file("leave it out", "a.json"), "leave it out");
}

TEST(Redact, UserInfoOfUrls) {
  EXPECT_EQ(redact_url("http://u:p@host:80/x?a=b@c"), "http://***@host:80/x?a=b@c");
  EXPECT_EQ(redact_url("u:p@host/x"), "***@host/x");
  EXPECT_EQ(redact_url("http://u@p@host"), "http://***@host");
  EXPECT_EQ(redact_url("http://host/a@b"), "http://host/a@b");
}

TEST(Redact, EverySpellingOfASecretInACommandLine) {
  const std::string url = "me:secret@h/";
  const Arguments words{"saturn",
                        "run",
                        url,
                        "-H",
                        "authorization: secret",
                        "-HCookie: secret",
                        "--header",
                        "Proxy-Authorization:secret",
                        "--header=Cookie: secret",
                        "--base-url",
                        "u:secret@h",
                        "--base-url=http://u:secret@h",
                        "-H",
                        "X-Plain: shown",
                        "-c",
                        "5"};
  const Arguments expected{"saturn",
                           "run",
                           "***@h/",
                           "-H",
                           "authorization: ***",
                           "-HCookie: ***",
                           "--header",
                           "Proxy-Authorization: ***",
                           "--header=Cookie: ***",
                           "--base-url",
                           "***@h",
                           "--base-url=http://***@h",
                           "-H",
                           "X-Plain: shown",
                           "-c",
                           "5"};
  EXPECT_EQ(redact_words(words, url), expected);
}

TEST(Redact, WordsAreQuotedForAShell) {
  EXPECT_EQ(shell_line({"run", "http://h/?a=1&b=2", "-H", "A: it's", "", "a\nb", "10%"}),
            R"(run 'http://h/?a=1&b=2' -H 'A: it'\''s' '' 'a
b' 10%)");
}

}  // namespace
}  // namespace saturn::cli
