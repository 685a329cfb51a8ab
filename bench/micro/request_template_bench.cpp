// What a step costs before its request is sent: rendering it for one exchange. A static request is copied
// (a session does not even do that), one with a number in its path and one with a JSON body are written piece
// by piece.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "core/plan/program.hpp"

namespace saturn {
namespace {

Step get(const std::string& path) {
  Step step;
  step.name = "step";
  step.path = path;
  return step;
}

void render(benchmark::State& state, const Step& step) {
  Plan plan;
  plan.base_url = "http://localhost:8080";
  Scenario scenario;
  scenario.vus = 1;
  scenario.iterations = 1;
  scenario.flow.push_back(step);
  plan.scenarios.push_back(scenario);
  const auto program = compile(plan, 1);
  if (!program) return state.SkipWithError("not compiled");
  const RequestTemplate& request = program->scenarios[0].steps[0].request;
  std::vector<char> out(request.max_bytes());
  Coordinates at{.seed = 1, .scenario = 0, .seq = 1, .vu = 0, .iteration = 0};
  std::size_t bytes = 0;
  for (auto _ : state) {
    ++at.seq;
    bytes += request.render(at, out);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

void render_static(benchmark::State& state) {
  render(state, get("/hello"));
}
BENCHMARK(render_static);

void render_number(benchmark::State& state) {
  render(state, get("/items/{{random_int(1, 100000)}}"));
}
BENCHMARK(render_number);

void render_json_body(benchmark::State& state) {
  Step step = get("/items/{{seq}}");
  step.method = "POST";
  step.body_kind = BodyKind::json;
  step.body =
      R"({"name": "item {{seq}}", "price": "{{random_int(1, 999)}}", "tags": ["a", "b"], "vu": "{{vu}}"})";
  render(state, step);
}
BENCHMARK(render_json_body);

}  // namespace
}  // namespace saturn
