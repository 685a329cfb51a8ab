// saturn as a library: a plan as a value, a run, and its numbers. docs/library.md shows this file; the build
// compiles it (saturn_embed_example) and tests/cli/embed_test.py runs it.
#include <cstdio>
#include <string>

#include "saturn/run.hpp"

int main(int argc, char** argv) {
  saturn::Step hello;
  hello.path = "/hello";

  saturn::Scenario scenario;
  scenario.vus = 10;
  scenario.iterations = 1000;
  scenario.flow = {hello};

  saturn::Plan plan;
  plan.base_url = argc > 1 ? argv[1] : "http://127.0.0.1:8000";
  plan.scenarios = {scenario};

  const auto result = saturn::run(plan, saturn::RunOptions{});
  if (!result) {
    for (const auto& error : result.errors()) std::fprintf(stderr, "%s\n", saturn::to_text(error).c_str());
    return 1;
  }
  const auto& measured = result.value().scenarios.front();
  std::printf("%llu ok, %.0f requests/s\n", static_cast<unsigned long long>(measured.requests.ok),
              measured.rps.value_or(0));
  return 0;
}
