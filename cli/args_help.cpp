// The table of `saturn run`: its rows, and what its help says around them.
#include "args_flags.hpp"
#include "args_hints.hpp"

namespace saturn::cli {
namespace {

constexpr const char* kAbout =
    "Runs HTTP/1.1 requests against a URL, as many as its answers allow (a closed loop) or at a\n"
    "fixed rate (-R, an open loop), or the scenarios of a plan.";

constexpr const char* kNotes =
    R"(- is a plan on standard input. T is a time: 500ms, 30s, 5m, 1m30s; a bare number is seconds.
URLs may leave out http://, and saturn URL is saturn run URL.
A URL, -H and -b may hold {{random_int(a, b)}}, {{seq}}, {{vu}} and {{iteration}}, as in a plan;
\{{ is a literal {{.
With a plan of one scenario, or --only one, -d -n -c -R replace what it says.
-t --seed --warmup --wait go with any plan.

Examples:
  saturn run localhost:8000/hello                       50 connections for 10 s
  saturn run http://127.0.0.1:8000/ -c 200 -d 30s -t 2
  saturn run http://127.0.0.1:8000/ -n 100000 -o result.json
  saturn run http://127.0.0.1:8000/ -R 5000 -d 1m       5,000 requests/s, connections added when needed
  saturn run http://127.0.0.1:8000/ -R 5000 -c 64       the same over 64 connections, never more
  saturn run http://127.0.0.1:8000/items/ -H 'Content-Type: application/json' -b '{"name": "n{{seq}}"}'
  saturn run http://127.0.0.1:8000/ --warmup 2s --json | jq .scenarios[0].rps
  saturn run plan.json --base-url http://[::1]:8000 --only hello -d 5s
  saturn run http://172.17.0.2:8000/ --target-pid $(pgrep -o gunicorn)

Exit codes: 0 ok · 1 usage, nothing was sent · 2 could not be carried out · 97 the numbers are not the
            target's (--strict) · 98 the accounts do not balance · 99 a threshold
            was not met, a check failed or no answer was ok ·
            105 interrupted (Ctrl-C: prints what there is; a second one ends at once)
)";

}  // namespace

const CommandTable& run_table() {
  static const CommandTable table{"run",  "URL|PLAN.json|-",    kAbout,
                                  kNotes, rows_of(run_flags()), foreign_flags()};
  return table;
}

}  // namespace saturn::cli
