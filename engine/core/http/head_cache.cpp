#include "core/http/head_cache.hpp"

#include <algorithm>
#include <cstring>

namespace saturn {
namespace {

/// Whether the three letters are one of the names, which stand one after the other.
bool names(std::string_view all, std::string_view name) {
  for (std::size_t at = 0; at < all.size(); at += name.size())
    if (all.substr(at, name.size()) == name) return true;
  return false;
}

/// Where the value of a Date header begins that may be masked, 0 where there is none.
std::size_t date_in(std::string_view head) {
  constexpr std::string_view line_end = "\r\n", name = "date", colon = ": ";
  for (std::size_t at = head.find(line_end); at != head.npos; at = head.find(line_end, at)) {
    at += line_end.size();
    const std::size_t value = at + name.size() + colon.size();
    if (value + HeadCache::kDateBytes + line_end.size() > head.size()) break;
    const bool named = std::equal(name.begin(), name.end(), head.begin() + static_cast<std::ptrdiff_t>(at),
                                  [](char small, char any) { return small == (any | 0x20); });
    if (named && head.substr(at + name.size(), colon.size()) == colon &&
        is_http_date(head.substr(value, HeadCache::kDateBytes)) &&
        head.substr(value + HeadCache::kDateBytes, line_end.size()) == line_end)
      return value;
  }
  return 0;
}

}  // namespace

bool is_http_date(std::string_view text) noexcept {
  constexpr std::string_view shape = "???, 00 ??? 0000 00:00:00 GMT";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool fits =
        shape[i] == '?' || (shape[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == shape[i]);
    if (!fits) return false;
  }
  return names("MonTueWedThuFriSatSun", text.substr(0, 3)) &&
         names("JanFebMarAprMayJunJulAugSepOctNovDec", text.substr(8, 3));
}

bool HeadCache::same(const char* head) noexcept {
  const std::size_t size = known_.head_bytes;
  if (std::memcmp(head, head_.data(), size) == 0) return true;
  const std::size_t after = date_at_ + kDateBytes;
  if (date_at_ == 0 || std::memcmp(head, head_.data(), date_at_) != 0 ||
      std::memcmp(head + after, &head_[after], size - after) != 0 ||
      !is_http_date({head + date_at_, kDateBytes}))
    return false;
  std::memcpy(&head_[date_at_], head + date_at_,
              kDateBytes);  // the other answers of this second are equal at once
  return true;
}

const HeadCache::Known* HeadCache::miss() noexcept {
  if (++misses_ == kMissesToRest) resting_ = kAnswersToRest;
  return nullptr;
}

const HeadCache::Known* HeadCache::rest() noexcept {
  if (resting_ > 0 && --resting_ == 0) {
    known_ = Known{};
    misses_ = 0;
  }
  return nullptr;
}

void HeadCache::learn(std::string_view head, int status, std::uint64_t body_bytes) noexcept {
  if (known_.head_bytes != 0 || head.size() > kLongestHead) return;
  std::memcpy(head_.data(), head.data(), head.size());
  known_ = {head.size(), body_bytes, status};
  date_at_ = date_in(head);
}

}  // namespace saturn
