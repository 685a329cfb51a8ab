#!/usr/bin/env python3
"""Holds the study's targets to one contract: seven endpoints, the same JSON values from all.

  conformance.py BASE_URL         checks one running server; what it creates it deletes again
  conformance.py --targets        launches the five Python targets and the h11 variant, checks each
  conformance.py --native PATH    the same for the reference target, `PATH serve`; may stand beside --targets

Prints every check; the last line is `N passed, N failed`, the exit code 1 if anything failed.
Standard library only. Everything it starts listens on loopback and is stopped with its process group.
"""

import argparse
import http.client
import json
import os
import pathlib
import signal
import sys
import tempfile
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "targets"))
from launch import H11, TARGETS, UVICORN, LaunchError, Target, default_venv, ready_venv  # noqa: E402

REQUEST_TIMEOUT_S = 30
CROWD = 100
GONE = 1_000_000  # this far above the highest id there is no record
ECHOES = [
    {"message": "hi", "n": 1},
    {"z": {"y": [{"x": []}, {}, [[1]]]}, "a": None, "t": True, "f": False, "": ""},
    {"text": 'zażółć 火 \U0001f680 \u2028 "\\/\b\f\n\r\t\u0001', "ключ": "é"},
    {"numbers": [0, -1, 9007199254740993, -9223372036854775808, 0.1, -2.5e-7, 1.7976931348623157e308, 1e3]},
    [1, "two", None, {"three": 3}],
    "text alone",
    2.5,
    False,
]
BAD_ITEMS = {
    "broken JSON": b'{"name": "x", "price": 1',
    "an empty body": b"",
    "a list": b'[{"name": "x", "price": 1}]',
    "no name": b'{"price": 1}',
    "no price": b'{"name": "x"}',
    "name null": b'{"name": null, "price": 1}',
    "name an object": b'{"name": {}, "price": 1}',
    "price null": b'{"name": "x", "price": null}',
    "price a word": b'{"name": "x", "price": "dear"}',
    "price a list": b'{"name": "x", "price": [1]}',
    "description a list": b'{"name": "x", "description": [], "price": 1}',
}


class Broken(Exception):
    """The server cannot be checked any further in this group."""


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same(a, b):
    """Equal as JSON: numbers by value, key order free, true is not 1."""
    if is_number(a) and is_number(b):
        return a == b
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.type = response.getheader("Content-Type", "")
        self.body = response.read()

    def __repr__(self):
        return f"{self.status} {self.type} {self.body[:200]!r}"

    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            raise Broken(f"not JSON: {self}") from None


class Server:
    """One server under check: requests to it, and the count of what held."""

    def __init__(self, base_url, label):
        self.netloc = urllib.parse.urlsplit(base_url).netloc
        self.label, self.passed, self.failed = label, 0, 0

    def check(self, what, ok, detail=""):
        self.passed, self.failed = self.passed + bool(ok), self.failed + (not ok)
        print(f"{'ok  ' if ok else 'FAIL'} {self.label}: {what}{'' if ok else f'  -> {detail}'}", flush=True)

    def call(self, method, path, value=None, body=None):
        """Sends `value` as JSON, or `body` as it is; never follows a redirect."""
        connection = http.client.HTTPConnection(self.netloc, timeout=REQUEST_TIMEOUT_S)
        try:
            data = json.dumps(value).encode() if body is None and value is not None else body
            headers = {} if data is None else {"Content-Type": "application/json"}
            connection.request(method, path, data, headers)
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def expect(self, what, reply, status, value=None):
        """The status and, where one is asked for, the JSON value of an answer."""
        ok = reply.status == status and (
            value is None or (reply.type.startswith("application/json") and same(reply.json(), value))
        )
        self.check(what, ok, f"expected {status} {'' if value is None else json.dumps(value)}, got {reply}")

    def create(self, value):
        reply = self.call("POST", "/items/", value)
        record = reply.json() if reply.status == 201 else None
        if not isinstance(record, dict) or not is_number(record.get("id")):
            raise Broken(f"POST /items/ gave no record: {reply}")
        return record

    def all_items(self):
        reply = self.call("GET", "/items/")
        records = reply.json() if reply.status == 200 else None
        if not isinstance(records, list):
            raise Broken(f"GET /items/ gave no list: {reply}")
        return records

    def delete(self, ids):
        return [self.call("DELETE", f"/items/{i}").status for i in ids]


def check_simple(s):
    s.expect("GET /hello", s.call("GET", "/hello"), 200, {"message": "Hello, World!"})
    for value in ECHOES:
        body = json.dumps(value, ensure_ascii=False).encode()
        reply = s.call("POST", "/echo", body=body)
        s.expect(f"POST /echo gives back {body.decode()[:40]!r}", reply, 200, value)
    escaped = {"text": "\u706b\U0001f680"}
    s.expect("POST /echo takes \\u escapes", s.call("POST", "/echo", escaped), 200, escaped)
    reply = s.call("POST", "/echo", body=b'{"open": ')
    s.check("POST /echo of broken JSON is a 4xx", 400 <= reply.status < 500, reply)


def check_life_of_an_item(s):
    before = s.all_items()
    sent = [
        {"name": "pen", "description": "blue", "price": 1.5},
        {"name": "ink 火", "description": None, "price": 2},
        {"name": " cup ", "description": "", "price": 0.1},
        {"name": "", "price": -1e-3},
    ]
    made = []
    for value in sent:
        reply = s.call("POST", "/items/", value)
        full = {"description": None, **value}
        record = reply.json()
        made.append({"id": record.get("id") if isinstance(record, dict) else None, **full})
        s.expect(f"POST /items/ {json.dumps(value)} gives the record", reply, 201, made[-1])
    if not all(isinstance(m["id"], int) for m in made):
        raise Broken("ids are not whole numbers")
    s.check("ids grow", [m["id"] for m in made] == sorted({m["id"] for m in made}), made)
    for record in made:
        s.expect(f"GET /items/{record['id']}", s.call("GET", f"/items/{record['id']}"), 200, record)
    s.expect("GET /items/ has every record, by id", s.call("GET", "/items/"), 200, before + made)

    for record, change in (
        (made[0], {"name": "pencil", "description": "red", "price": 2.25}),
        (made[1], {"name": "inks", "description": "", "price": 3}),
    ):
        record.update(change)
        path = f"/items/{record['id']}"
        s.expect(f"PUT {path} gives the record", s.call("PUT", path, change), 200, record)
    made[0].update({"name": "chalk", "description": None, "price": 9})
    path = f"/items/{made[0]['id']}"
    reply = s.call("PUT", path, {"name": "chalk", "price": 9})
    s.expect("PUT without description sets it to null", reply, 200, made[0])
    s.expect("PUT persists", s.call("GET", path), 200, made[0])
    s.expect("PUT changes no other record", s.call("GET", "/items/"), 200, before + made)

    reply = s.call("DELETE", path)
    s.check("DELETE is 204 without a body", reply.status == 204 and reply.body == b"", reply)
    s.expect("DELETE persists", s.call("GET", path), 404)
    s.expect("DELETE takes no other record", s.call("GET", "/items/"), 200, before + made[1:])
    s.expect("a second DELETE is 404", s.call("DELETE", path), 404)
    s.check("clean-up", s.delete(m["id"] for m in made[1:]) == [204] * 3, "a DELETE was not 204")
    last = s.create({"name": "last", "price": 1})
    s.check("no id is given twice", last["id"] > made[-1]["id"], last)
    s.delete([last["id"]])


def check_refusals(s):
    record = s.create({"name": "kept", "price": 1})
    path, missing = f"/items/{record['id']}", f"/items/{record['id'] + GONE}"
    s.expect("GET of a missing id is 404", s.call("GET", missing), 404)
    s.expect("PUT of a missing id is 404", s.call("PUT", missing, {"name": "x", "price": 1}), 404)
    s.expect("DELETE of a missing id is 404", s.call("DELETE", missing), 404)
    before = s.all_items()
    for what, body in BAD_ITEMS.items():
        for method, where in (("POST", "/items/"), ("PUT", path)):
            reply = s.call(method, where, body=body)
            s.check(f"{method} with {what} is a 4xx", 400 <= reply.status < 500, reply)
    reply = s.call("POST", "/items/", body=b'{"name": "x", "price": 1e999}')
    s.check("POST of a price no double can hold is refused", reply.status >= 400, reply)
    reply = s.call("GET", "/items/word")
    s.check("GET /items/word is a 4xx", 400 <= reply.status < 500, reply)
    s.expect("nothing that was refused left a trace", s.call("GET", "/items/"), 200, before)
    s.delete([record["id"]])


def check_writers(s, writers=10, writes_each=10):
    """Every write is done: a busy time-out too short shows as `database is locked`, a 500."""

    def work(writer):
        replies, ids = [], []
        for n in range(writes_each):
            replies.append(s.call("POST", "/items/", {"name": f"w{writer}-{n}", "price": n}))
            if replies[-1].status == 201:
                ids.append(replies[-1].json()["id"])
                replies.append(s.call("PUT", f"/items/{ids[-1]}", {"name": f"W{writer}-{n}", "price": n}))
        return replies, ids

    before, total = len(s.all_items()), writers * writes_each
    with ThreadPoolExecutor(writers) as pool:
        results = list(pool.map(work, range(writers)))
        replies, ids = [r for some, _ in results for r in some], [i for _, some in results for i in some]
        bad = [r for r in replies if r.status not in (200, 201)]
        done = not bad and len(replies) == 2 * total
        what = f"{writers} writers at once: {2 * total} writes, none refused"
        s.check(what, done, f"{len(bad)} of {len(replies)} bad, first: {bad[:1]}")
        s.check("each write has its own id", len(set(ids)) == total, f"{len(set(ids))} ids")
        names = {r["id"]: r["name"] for r in s.all_items()}
        written = sum(names.get(i, "").startswith("W") for i in ids)
        kept = len(names) == before + total and written == total
        s.check("all are listed as last written", kept, f"{len(names)}, {before} before, {written} so")
        gone = list(pool.map(lambda i: s.delete([i])[0], ids))
    left = len(s.all_items())
    deleted = gone == [204] * total and left == before
    s.check("all are deleted again", deleted, f"{left} left, {before} before")


def check_crowd(s):
    """More clients than a server has threads or pooled connections: a deadlock of the two shows as our own
    time-out. On a slow disk some of so many writers may outwait the busy time-out; they must leave no trace.
    """
    before = len(s.all_items())
    with ThreadPoolExecutor(CROWD) as pool:
        item = {"name": "one of many", "price": 1}
        replies = list(pool.map(lambda _: s.call("POST", "/items/", item), range(2 * CROWD)))
    ids = {r.json()["id"] for r in replies if r.status == 201}
    stored, told = len(s.all_items()) - before, sum(r.status == 201 for r in replies)
    s.check(
        f"{CROWD} writers at once: {len(replies)} answers, most of them 201", told > CROWD, f"{told} are 201"
    )
    s.check("what was answered 201 is stored, nothing else", told == len(ids) == stored, f"{told}, {stored}")
    s.check("the crowd's records are deleted again", s.delete(ids) == [204] * told, "a DELETE was not 204")


def check_server(base_url, label):
    s = Server(base_url, label)
    for group in (check_simple, check_life_of_an_item, check_refusals, check_writers, check_crowd):
        try:
            group(s)
        except (Broken, OSError, http.client.HTTPException) as error:
            s.check(group.__name__, False, repr(error))
    return s


def check_workers(s, target, settings, before):
    """The workers that started are still there, on the loop and parser that the study names."""
    now = target.workers()
    worker, workers = settings["worker_class"], settings["workers"]
    kept = now == before and len(now) == workers
    s.check(f"the same {workers} workers are alive", kept, f"{before}, then {now}")
    if worker in (UVICORN, H11):
        mapped = [pathlib.Path(f"/proc/{pid}/maps").read_text() for pid in now]
        fast = [("/uvloop/" in m, "/httptools/" in m) for m in mapped]
        wanted = "uvloop and httptools" if worker == UVICORN else "neither uvloop nor httptools"
        s.check(f"its workers loaded {wanted}", all(pair == (worker == UVICORN,) * 2 for pair in fast), fast)


def check_target(name, make):
    """Launches a target, checks it and stops it; (passed, failed)."""
    try:
        with make() as target:
            before = target.workers()
            s = check_server(target.url, name)
            if name in TARGETS:
                check_workers(s, target, TARGETS[name][1], before)
            if s.failed:
                print(f"{name}: end of its log:\n{target.tail()}")
            return s.passed, s.failed
    except (LaunchError, OSError) as error:
        print(f"FAIL {name}: launch  -> {error}")
        return 0, 1


def main():
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("base_url", nargs="?", help="a running server, such as http://127.0.0.1:8000")
    parser.add_argument("--targets", action="store_true", help="launch and check the Python targets")
    parser.add_argument("--only", action="append", choices=TARGETS, help="with --targets; repeatable")
    parser.add_argument("--native", metavar="PATH", type=pathlib.Path, help="launch and check `PATH serve`")
    parser.add_argument("--venv", type=pathlib.Path, default=default_venv(), help="default: %(default)s")
    args = parser.parse_args()
    if not (args.base_url or args.targets or args.native):
        parser.error("nothing to check: give BASE_URL, --targets or --native PATH")
    if args.base_url and not args.base_url.startswith("http://"):
        parser.error(f"BASE_URL has to begin with http://, not {args.base_url}")
    if args.only and not args.targets:
        parser.error("--only goes with --targets")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped

    counts = []
    if args.base_url:
        s = check_server(args.base_url, args.base_url)
        counts.append((s.passed, s.failed))
    # In memory where there is such a place: a slow disk makes a crowd of writers outwait the busy time-out.
    shm = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="saturn-conformance-", dir=shm) as scratch:
        scratch, venv = pathlib.Path(scratch), args.venv.absolute()
        if args.native:
            command = [args.native.absolute(), "serve", "--listen", "127.0.0.1:{{port}}"]
            counts.append(check_target("native", lambda: Target("native", command, scratch / "native.log")))
        if args.targets:
            try:
                ready_venv(venv)
            except (LaunchError, OSError) as error:
                print(f"FAIL virtual environment  -> {error}")
                counts.append((0, 1))
            else:
                for name in args.only or TARGETS:
                    counts.append(check_target(name, lambda: Target.python(name, venv, scratch)))
    passed, failed = (sum(column) for column in zip(*counts))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
