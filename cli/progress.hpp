// What is seen on standard error while a run is under way: one line, redrawn on a terminal within its width
// of that moment, or a line every 10 s elsewhere. ProgressMeter is pure (counts and times in, bytes out);
// ProgressView writes them. Coordinator thread only. Tested in tests/unit/progress_test.cpp and
// tests/cli/run_progress_test.py.
#pragma once
#include <array>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>

#include "saturn/run.hpp"
#include "terminal.hpp"

namespace saturn::cli {

class ProgressMeter {
 public:
  explicit ProgressMeter(Terminal style) : style_(style) {}
  void resize(std::size_t width) { style_.width = width; }
  bool on_terminal() const { return style_.terminal; }

  /// What to write at `now` (any monotonic clock); often nothing.
  std::string update(const Progress& progress, Nanos now);
  /// Takes the redrawn line away before other text is written.
  std::string clear();

 private:
  struct Sample {
    Nanos at{0};
    std::uint64_t completed = 0;
  };
  std::optional<double> rate(const Progress& progress, Nanos now);

  Terminal style_;
  std::array<Sample, 32> samples_{};  ///< a ring over the last second and a bit
  std::size_t next_ = 0, held_ = 0;
  std::size_t scenario_ = 0;
  std::optional<Nanos> printed_at_;
  bool drawn_ = false;
};

/// The line itself, cut at whole parts to fit `style.width`.
std::string progress_line(const Progress& progress, std::optional<double> rate, const Terminal& style);

class ProgressView final : public Observer {
 public:
  /// `announce` prints the first line, where it wants to. `quiet`: nothing else.
  ProgressView(std::FILE* out, bool no_color, bool quiet,
               std::function<void(const std::string&, unsigned)> announce);
  void run_starting(const std::string& address, unsigned shards) override;
  void progress(const Progress& progress) override;
  void finish();

 private:
  void write(const std::string& text);
  std::FILE* out_;
  ProgressMeter meter_;
  bool quiet_;
  bool told_stop_ = false;
  std::function<void(const std::string&, unsigned)> announce_;
};

}  // namespace saturn::cli
