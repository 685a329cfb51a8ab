// One connection of the target without its socket: bytes in, bytes to send and what to do next out. Requests
// are answered one after another; while an answer is held back (a delay) or the client does not read, nothing
// more is taken. Reused from connection to connection for its buffers' capacity. Tested in
// tests/unit/target_connection_test.cpp and target_connection_times_test.cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/http/request_parser.hpp"
#include "target/service.hpp"
#include "target/truth.hpp"

namespace saturn::target {

class Connection {
 public:
  enum class State : std::uint8_t {
    open,
    held,       ///< an answer waits for on_release()
    hanging,    ///< never answers again; the client has to close
    closing,    ///< to be closed when to_send() is empty
    resetting,  ///< to be reset now
  };

  /// `times`: where it notes how long each answer took, if anywhere.
  Connection(Service& service, ThreadTruth& truth, AnswerTimes* times = nullptr)
      : service_(service), truth_(truth), times_(times) {}

  void begin();  ///< a connection was accepted (and counted so), and is this thread's now
  /// `arrived_at`: the kernel's stamp on the last of the bytes.
  void on_bytes(std::span<const char> bytes, Nanos arrived_at = kNoStamp);
  void on_end_of_stream();
  void on_release();  ///< the hold is over
  /// Of the text, or where that is empty of the filler. `sent_at`: when the send returned.
  void on_sent(std::size_t count, Nanos sent_at = kNoStamp);
  void on_closed();  ///< the socket is gone, for whatever reason

  State state() const { return state_; }
  /// What is ready to go out: text, up to its end or a filler; where there is none, so many 'x'.
  std::string_view to_send() const { return std::string_view(out_).substr(sent_, text_end() - sent_); }
  std::uint64_t filler_to_send() const {
    return sent_ < text_end() || fillers_.empty() ? 0 : fillers_.front().left;
  }
  bool filler_follows() const { return !fillers_.empty(); }
  std::uint64_t unsent() const { return ready_ - sent_ + filler_left_; }
  /// While it hangs it takes bytes to drop them: they stand before the end of the stream.
  bool wants_bytes() const {
    return state_ == State::hanging || (state_ == State::open && unread_.empty() && unsent() < kMostUnsent);
  }
  /// How long the answer that has just become held has to wait; once.
  std::optional<Nanos> take_hold() { return std::exchange(new_hold_, std::nullopt); }
  /// Closing while the client may still be sending: drain it first, or RST would take the answer away.
  bool drains() const { return drains_; }
  /// Served at least one request and has none under way: what an idle timeout may close.
  bool is_idle() const;

 private:
  static constexpr std::size_t kMostUnsent = 1U << 20;
  static constexpr std::size_t kMostKept = 1U << 18;  ///< capacity an emptied buffer may keep

  /// An answer under way: its end in out_, and when its request was here. Requests that came in one read have
  /// one stamp, and those that were held back keep theirs: nothing is read meanwhile.
  struct Owed {
    std::size_t end;
    Nanos arrived_at;
  };

  /// Bytes that go out at a place of out_ without being in it: the large bodies, which are the worker's.
  struct Filler {
    std::size_t at;
    std::uint64_t left;
  };

  std::size_t text_end() const { return fillers_.empty() ? ready_ : fillers_.front().at; }
  void note_times(Nanos sent_at);
  void take_unread();
  std::size_t take(std::span<const char> bytes);
  std::size_t take_repeats(std::span<const char> bytes);
  void on_request(std::string_view text);
  void settle(const Answer& answer);

  Service& service_;
  ThreadTruth& truth_;
  AnswerTimes* times_;
  RequestParser parser_;
  State state_ = State::open;
  std::string out_;
  std::size_t sent_ = 0, ready_ = 0;  ///< out_: sent, then ready to be sent, then held
  std::vector<Filler> fillers_;       ///< each at the end of the answer whose body it is
  std::uint64_t filler_left_ = 0;     ///< of all of them
  std::string unread_;                ///< came, but is not taken yet
  std::size_t request_bytes_ = 0;     ///< of the request under way
  std::uint64_t requests_ = 0;
  Answer held_;
  std::optional<Nanos> new_hold_;
  Nanos arrived_at_ = kNoStamp;  ///< of what was read last
  std::vector<Owed> owed_;       ///< in the order of out_; only where times are noted
  bool counted_ = true, drains_ = false;
};

}  // namespace saturn::target
