// The head of the answers to one step, kept so that the next answer that begins with the same bytes need not
// be parsed: a server sends the same head again and again, but for its Date. Only heads that frame by
// Content-Length and keep the connection are learned, and only from what llhttp accepted, so a hit means what
// llhttp would say of these bytes. Owner: one shard; memory is fixed at construction. Tested in
// tests/unit/head_cache_test.cpp, and against llhttp at every split in response_fast_path_test.cpp.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace saturn {

/// "Sun, 06 Nov 1994 08:49:37 GMT": names, digits and separators, each in its place.
bool is_http_date(std::string_view text) noexcept;

class HeadCache {
 public:
  static constexpr std::size_t kLongestHead = 1024;
  static constexpr std::size_t kDateBytes = 29;
  /// A server whose heads never repeat (a request id) is not compared for long. It is tried again, because
  /// heads also change once and for all (a Content-Length gains a digit) or once a second (a Date in another
  /// form); a try costs 16 comparisons and one copy in 1,040 answers.
  static constexpr std::uint32_t kMissesToRest = 16, kAnswersToRest = 1024;

  struct Known {
    std::size_t head_bytes = 0;
    std::uint64_t body_bytes = 0;
    int status = 0;
  };

  /// What is known of the answer that begins with this piece, or null: then a parser has to look, from the
  /// first byte. Once an answer.
  const Known* match(std::span<const char> piece) noexcept {
    if (known_.head_bytes == 0 || resting_ > 0) return rest();
    if (piece.size() < known_.head_bytes || !same(piece.data())) return miss();
    misses_ = 0;
    return &known_;
  }
  /// After a miss: a whole head that was accepted, with its final status and body length.
  void learn(std::string_view head, int status, std::uint64_t body_bytes) noexcept;

 private:
  bool same(const char* head) noexcept;
  const Known* miss() noexcept;
  const Known* rest() noexcept;

  Known known_;              ///< no bytes: nothing is known
  std::size_t date_at_ = 0;  ///< where the Date's value begins; 0: the head has none
  std::uint32_t misses_ = 0, resting_ = 0;
  std::array<char, kLongestHead> head_{};
};

}  // namespace saturn
