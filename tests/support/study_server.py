"""A small target for the tests of saturn study: the study's API over SQLite, a master and forked workers, and faults by name.

    study_server.py schema              makes the table in $DATABASE
    study_server.py serve PORT [FAULT]  listens on 127.0.0.1

Every process appends its number to $PIDS, so that a test can see that none is left. $PIDS.item is there once a single record was asked
for: the tests' sign that a certain scenario has begun.
"""
import http.server
import json
import os
import signal
import socket
import sqlite3
import sys
import threading
import time

DATABASE, PIDS = os.environ["DATABASE"], os.environ["PIDS"]
WORKERS = int(os.environ.get("WORKERS", "2"))
FAULT = sys.argv[3] if len(sys.argv) > 3 else ""
IDLE_S = 0.3 if FAULT == "closes-idle" else 30
master = os.getpid()
answered = {}  # by method; of this worker
local = threading.local()


def kill_master():
    """Once: the number may be somebody else's afterwards."""
    if os.getppid() == master:
        os.kill(master, signal.SIGKILL)


def note_pid():
    with open(PIDS, "a") as file:
        file.write(f"{os.getpid()}\n")


def database():
    if not hasattr(local, "db"):
        local.db = sqlite3.connect(DATABASE, timeout=20, isolation_level=None)
        local.db.execute("PRAGMA synchronous=OFF")  # tests count records, they don't time the disk
    return local.db


def item(row):
    return dict(zip(("id", "name", "price"), row))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    disable_nagle_algorithm = True
    wbufsize = -1  # head and body leave together

    def log_message(self, *_):
        pass

    def reply(self, status, value=None, location=None):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def handle_one_request(self):
        super().handle_one_request()
        if self.close_connection:
            local.__dict__.pop("db", None)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def id(self):
        return int(self.path.rsplit("/", 1)[1])

    def count(self):
        answered[self.command] = answered.get(self.command, 0) + 1
        return answered[self.command]

    def do_GET(self):
        nth = self.count()
        if self.path == "/hello":
            if FAULT == "redirects-hello":
                return self.reply(307, location="/hello/")
            self.reply(200, {"message": "hello"})
            if FAULT == "dies-after-one-answer":
                kill_master()
            return None
        if FAULT == "dies-while-measured" and self.path != "/items/" and nth > 20:
            kill_master()
        if self.path == "/items/":
            return self.reply(200, [item(r) for r in database().execute("SELECT * FROM items ORDER BY id")])
        if not os.path.exists(PIDS + ".item"):
            open(PIDS + ".item", "w").close()
        row = database().execute("SELECT * FROM items WHERE id = ?", (self.id(),)).fetchone()
        return self.reply(200, item(row)) if row else self.reply(404)

    def do_POST(self):
        nth, sent = self.count(), json.loads(self.body())
        if FAULT == "fails-some-posts" and sent["name"].startswith("created") and nth % 5 == 0:
            return self.reply(500)
        cursor = database().execute("INSERT INTO items (name, price) VALUES (?, ?)", (sent["name"], sent["price"]))
        return self.reply(201, {"id": cursor.lastrowid, **sent})

    def do_PUT(self):
        sent = json.loads(self.body())
        if FAULT == "redirects-put":
            return self.reply(301, location=self.path + "/")
        if FAULT != "ignores-put":
            database().execute("UPDATE items SET name = ?, price = ? WHERE id = ?", (sent["name"], sent["price"], self.id()))
        return self.reply(200, {"id": self.id(), **sent})

    def do_DELETE(self):
        if FAULT != "ignores-delete":
            database().execute("DELETE FROM items WHERE id = ?", (self.id(),))
        return self.reply(204)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, listener):
        super().__init__(listener.getsockname(), Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener


def serve(port):
    note_pid()
    if FAULT == "ends-at-start":
        sys.exit("no module named nothing")
    if FAULT == "never-listens":
        time.sleep(60)
    database().execute("SELECT count(*) FROM items")  # without the schema it does not start
    del local.db
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    workers = []
    for _ in range(WORKERS):
        pid = os.fork()
        if pid == 0:
            note_pid()
            Server(listener).serve_forever()
        workers.append(pid)
    print("listening", flush=True)
    signal.signal(signal.SIGTERM, lambda *_: [os.kill(pid, signal.SIGTERM) for pid in workers])
    for pid in workers:
        os.waitpid(pid, 0)


if __name__ == "__main__":
    if sys.argv[1] == "schema":
        if FAULT or (len(sys.argv) > 2 and sys.argv[2] == "fails"):
            sys.exit("cannot make the table")
        database().execute("CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT, price REAL)")
    else:
        serve(int(sys.argv[2]))
