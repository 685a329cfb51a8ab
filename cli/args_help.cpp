// `saturn run --help`: the rows of the flags under their headings, and what people copy.
#include <algorithm>
#include <string_view>

#include "args_flags.hpp"

namespace saturn::cli {
namespace {

constexpr const char* kNotes = R"(
T is a time with its unit: 500ms, 30s, 5m, 1m30s. URLs may leave out http://.
A URL, -H and -b may hold {{random_int(a, b)}}, {{seq}}, {{vu}} and {{iteration}}, as in a plan.

Examples:
  saturn run localhost:8000/hello                       50 connections for 10 s
  saturn run http://127.0.0.1:8000/ -c 200 -d 30s -t 2
  saturn run http://127.0.0.1:8000/ -n 100000 -o result.json
  saturn run http://127.0.0.1:8000/ -R 5000 -d 1m       5,000 requests/s, connections added when needed
  saturn run http://127.0.0.1:8000/ -R 5000 -c 64       the same over 64 connections, never more
  saturn run http://127.0.0.1:8000/items/ -H 'Content-Type: application/json' -b '{"name": "n{{seq}}"}'
  saturn run http://127.0.0.1:8000/ --warmup 2s --json | jq .scenarios[0].rps
  saturn run plan.json --base-url http://[::1]:8000 --only hello
  saturn run http://172.17.0.2:8000/ --target-pid $(pgrep -o gunicorn)

Exit codes: 0 ok · 1 usage, nothing was sent · 2 could not be carried out · 97 the numbers are not the
            target's (--strict) · 98 the accounts do not balance · 99 a threshold
            was not met, a check failed or no answer was ok ·
            105 interrupted (Ctrl-C: prints what there is; a second one ends at once)
)";

/// "-c,--connections" → "-c, --connections"
std::string spaced(const char* names) {
  std::string text;
  for (const auto& name : names_of(names)) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

std::string run_help() {
  constexpr std::size_t kColumn = 34;
  std::string text =
      "Runs HTTP/1.1 requests against a URL, as many as its answers allow (a closed loop) or at a\n"
      "fixed rate (-R, an open loop), or the scenarios of a plan.\n\n"
      "Usage: saturn run URL|PLAN.json|- [FLAGS]       (-: a plan on standard input)\n";
  std::string_view group;
  for (const auto& flag : run_flags()) {
    if (group != flag.group) text += "\n" + std::string(flag.group) + "\n";
    group = flag.group;
    std::string row =
        "  " + spaced(flag.names) + (flag.value != nullptr ? " " + std::string(flag.value) : "");
    row.resize(std::max(kColumn, row.size() + 1), ' ');
    text += row + flag.help + "\n";
  }
  return text + kNotes;
}

}  // namespace saturn::cli
