// Plan → Program: templates to pieces, headers completed, statuses to a bit set. What the user does not set
// is added here: Host, User-Agent, Authorization (from user info in the base URL), Content-Type of a JSON
// body, and "Connection: close" where a connection carries one request only (so that the server ends it, as
// without keep-alive). Content-Length is written when a request is rendered. Pure;
// tests/unit/compile_test.cpp.
#include <algorithm>
#include <functional>
#include <utility>

#include "core/base/assert.hpp"
#include "core/plan/limits.hpp"
#include "core/plan/parse.hpp"
#include "core/plan/program.hpp"
#include "core/plan/rate.hpp"
#include "core/plan/template.hpp"
#include "core/plan/text.hpp"
#include "saturn/version.hpp"

namespace saturn {
namespace {

/// Collects literals and values of one request; neighbouring literals become one piece.
class RequestWriter {
 public:
  explicit RequestWriter(std::size_t step) : draws_before_(step * RequestTemplate::kMaxValues) {}

  void literal(std::string_view text) {
    if (text.empty()) return;
    if (pieces_.empty() || pieces_.back().kind != Piece::Kind::literal)
      pieces_.push_back({.offset = static_cast<std::uint32_t>(text_.size())});
    pieces_.back().length += static_cast<std::uint32_t>(text.size());
    text_ += text;
  }

  void value(const TemplatePart& part) {
    Piece piece{.kind = part.kind, .low = part.low, .high = part.high};
    if (part.kind == Piece::Kind::random_int)
      piece.draw_index = static_cast<std::uint32_t>(draws_before_ + draws_++);
    pieces_.push_back(piece);
  }

  /// `text` has been validated. In JSON a string that is exactly one template becomes a bare number.
  void templated(std::string_view text, bool json = false) {
    auto parts = parse_template(text, {}, json ? TemplateIn::json : TemplateIn::text);
    SATURN_ASSERT(static_cast<bool>(parts));
    bool drop_quote = false;
    for (std::size_t i = 0; i < parts->size(); ++i) {
      const auto& part = (*parts)[i];
      if (part.kind != Piece::Kind::literal) {
        value(part);
        continue;
      }
      auto shown = part.text;
      if (std::exchange(drop_quote, false)) shown.remove_prefix(1);
      const bool before_value = i + 1 < parts->size() && (*parts)[i + 1].kind != Piece::Kind::literal;
      if (json && before_value && is_whole_json_string(text, (*parts)[i + 1].text)) {
        shown.remove_suffix(1);
        drop_quote = true;
      }
      literal(shown);
    }
  }

  void begin_body() { head_ = std::exchange(pieces_, {}); }
  RequestTemplate finish(bool has_body) && {
    return {std::move(text_), std::move(head_), std::move(pieces_), has_body};
  }

 private:
  std::string text_;
  std::vector<Piece> head_, pieces_;
  std::size_t draws_before_ = 0, draws_ = 0;
};

bool has_header(const Step& step, std::string_view name) {
  return std::any_of(step.headers.begin(), step.headers.end(),
                     [&](const Header& header) { return equal_ignoring_case(header.name, name); });
}

std::string basic_authorization(std::string_view user_info) {
  std::string pair = percent_decoded(user_info);
  if (pair.find(':') == std::string::npos) pair += ':';  // a name without a password
  return "Basic " + to_base64(pair);
}

struct Base {
  Url url;
  std::string prefix;  ///< of every path, without a slash at its end
};

std::string full_path(const Base& base, const Step& step) {
  return base.prefix + step.path;
}

void write_headers(RequestWriter& writer, const Base& base, const Scenario& scenario, const Step& step) {
  const auto unless_given = [&](std::string_view name, const std::string& value) {
    if (!has_header(step, name)) writer.literal(std::string(name) + ": " + value + "\r\n");
  };
  unless_given("Host", base.url.host_header());
  unless_given("User-Agent", "saturn/" + std::string(version()));
  if (!base.url.user_info.empty()) unless_given("Authorization", basic_authorization(base.url.user_info));
  for (const auto& header : step.headers) {
    writer.literal(header.name + ": ");
    writer.templated(header.value);
    writer.literal("\r\n");
  }
  if (step.body_kind == BodyKind::json) unless_given("Content-Type", "application/json");
  if (scenario.requests_per_connection == 1U) unless_given("Connection", "close");
}

RequestTemplate compile_request(const Base& base, const Scenario& scenario, const Step& step,
                                std::size_t index) {
  RequestWriter writer(index);
  writer.literal(step.method + " ");
  writer.templated(full_path(base, step));
  writer.literal(" HTTP/1.1\r\n");
  write_headers(writer, base, scenario, step);
  writer.begin_body();
  // Methods that mean to send something say so even when it is nothing (RFC 9110, 8.6).
  const bool has_body = step.body_kind != BodyKind::none || step.method == "POST" || step.method == "PUT" ||
                        step.method == "PATCH";
  if (step.body_kind != BodyKind::none) writer.templated(step.body, step.body_kind == BodyKind::json);
  return std::move(writer).finish(has_body);
}

/// "status is 200, 201 or 204"; a whole class, which a study's steps expect where they say nothing, is
/// "status is 2xx".
std::string status_check_name(const std::vector<int>& statuses) {
  constexpr int kClass = 100;
  const bool whole_class =
      statuses.size() == kClass && statuses.front() % kClass == 0 &&
      statuses.back() == statuses.front() + kClass - 1 &&
      std::adjacent_find(statuses.begin(), statuses.end(), std::greater_equal<>()) == statuses.end();
  if (whole_class) return "status is " + std::to_string(statuses.front() / kClass) + "xx";
  std::string name = "status is ";
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    if (i > 0) name += i + 1 == statuses.size() ? " or " : ", ";
    name += std::to_string(statuses[i]);
  }
  return name;
}

void compile_expect(const Expect& expect, StepProgram& out) {
  out.custom_expect = !expect.statuses.empty();
  if (!out.custom_expect)
    for (std::size_t status = 200; status < 400; ++status) out.accepted.set(status);
  for (const int status : expect.statuses) out.accepted.set(static_cast<std::size_t>(status));

  if (out.custom_expect) out.check_names.push_back(status_check_name(expect.statuses));
  if (!expect.json_equals_request) return;
  out.json_equals_request = true;
  out.check_names.emplace_back("json equals request");
  out.body_limit = std::min(limits::kGatheredBytes, 4096 + 16 * out.request.max_body_bytes());
}

StepProgram compile_step(const Base& base, const Scenario& scenario, std::size_t index) {
  static constexpr std::string_view kIdempotent[] = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  const Step& step = scenario.flow[index];
  StepProgram out;
  out.name = step.name.empty() ? step.method + " " + shown_template(step.path) : step.name;
  out.request = compile_request(base, scenario, step, index);
  out.idempotent =
      std::find(std::begin(kIdempotent), std::end(kIdempotent), step.method) != std::end(kIdempotent);
  out.head_method = step.method == "HEAD";
  compile_expect(step.expect, out);
  return out;
}

void compile_arrivals(const Scenario& scenario, ScenarioProgram& out) {
  out.rate = scenario.rate;
  out.vus = scenario.max_in_flight.value_or(limits::kInFlight);
  out.vus_at_start = scenario.vus;
  out.backlog = scenario.backlog.value_or(
      std::min(arrivals_within(*scenario.rate, limits::kBacklogTime), limits::kBacklog));
}

ScenarioProgram compile_scenario(const Base& base, const Scenario& scenario, std::size_t index) {
  ScenarioProgram out;
  out.name = scenario.name;
  Url first = base.url;
  first.path = shown_template(full_path(base, scenario.flow.front()));
  out.url = first.redacted();
  out.index = static_cast<std::uint32_t>(index);
  out.executor = scenario.executor;
  out.vus = scenario.vus;
  out.total_iterations = scenario.iterations;
  if (scenario.executor == Executor::per_vu_iterations) {
    out.iterations_per_vu = scenario.iterations;
    out.total_iterations = scenario.vus * *scenario.iterations;
  }
  if (scenario.rate) compile_arrivals(scenario, out);
  out.duration = scenario.duration;
  out.warmup = scenario.warmup;
  out.graceful_stop = scenario.graceful_stop;
  out.timeout = scenario.timeout;
  out.connect_timeout = scenario.connect_timeout;
  out.pipeline = scenario.pipeline;
  out.requests_per_connection = scenario.requests_per_connection;
  out.max_head_bytes = scenario.max_head_bytes;
  for (std::size_t step = 0; step < scenario.flow.size(); ++step)
    out.steps.push_back(compile_step(base, scenario, step));
  return out;
}

}  // namespace

Result<Program> compile(const Plan& plan, std::uint64_t default_seed) {
  if (auto errors = validate(plan); !errors.empty()) return errors;
  auto url = parse_url(plan.base_url, "/base_url");
  SATURN_ASSERT(static_cast<bool>(url));
  Base base{*url, url->path};
  while (!base.prefix.empty() && base.prefix.back() == '/') base.prefix.pop_back();

  Program program;
  program.origin = {base.url.host, base.url.port, base.url.host_header()};
  program.seed = plan.seed.value_or(default_seed);
  program.gap = plan.gap;
  for (std::size_t i = 0; i < plan.scenarios.size(); ++i)
    program.scenarios.push_back(compile_scenario(base, plan.scenarios[i], i));
  return program;
}

}  // namespace saturn
