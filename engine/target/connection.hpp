// One connection of the target without its socket: bytes in, bytes to send and what to do next out. Requests
// are answered one after another; while an answer is held back (a delay) or the client does not read, nothing
// more is taken. Reused from connection to connection for its buffers' capacity. Tested in
// tests/unit/target_connection_test.cpp.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

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

  Connection(Service& service, ThreadTruth& truth) : service_(service), truth_(truth) {}

  void begin();  ///< a connection was accepted (and counted so), and is this thread's now
  void on_bytes(std::span<const char> bytes);
  void on_end_of_stream();
  void on_release();  ///< the hold is over
  void on_sent(std::size_t count);
  void on_closed();  ///< the socket is gone, for whatever reason

  State state() const { return state_; }
  std::string_view to_send() const { return std::string_view(out_).substr(sent_, ready_ - sent_); }
  /// While it hangs it takes bytes to drop them: they stand before the end of the stream.
  bool wants_bytes() const {
    return state_ == State::hanging ||
           (state_ == State::open && unread_.empty() && ready_ - sent_ < kMostUnsent);
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

  void take_unread();
  std::size_t take(std::span<const char> bytes);
  void on_request();
  void settle(const Answer& answer);

  Service& service_;
  ThreadTruth& truth_;
  RequestParser parser_;
  State state_ = State::open;
  std::string out_;
  std::size_t sent_ = 0, ready_ = 0;  ///< out_: sent, then ready to be sent, then held
  std::string unread_;                ///< came, but is not taken yet
  std::size_t request_bytes_ = 0;     ///< of the request under way
  std::uint64_t requests_ = 0;
  Answer held_;
  std::optional<Nanos> new_hold_;
  bool counted_ = true, drains_ = false;
};

}  // namespace saturn::target
