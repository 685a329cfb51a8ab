"""saturn's counts against the access logs of servers that people run: nginx and gunicorn. Each logs one line a request."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

SATURN = os.environ["SATURN"]
VENV = os.environ.get("SATURN_TEST_VENV", os.path.join(os.environ["SATURN_SOURCE_DIR"], "build", "test-venv"))
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"

NGINX_CONF = """
daemon off; master_process off; pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log {dir}/access.log; keepalive_requests 100000;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi; uwsgi_temp_path {dir}/uwsgi;
  scgi_temp_path {dir}/scgi;
  server {{ listen 127.0.0.1:{port}; location /hello {{ return 200 "hello"; }} location /missing {{ return 404; }} }}
}}
"""
WSGI = """
def application(environ, start_response):
    body = environ["wsgi.input"].read() or b"hello"
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def wait_until_listening(port, process):
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        with socket.socket() as s:
            if s.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("the server does not listen")


def saturn(*arguments):
    done = subprocess.run([SATURN, "run", *arguments, "--json"], capture_output=True, text=True, timeout=60)
    if not done.stdout:
        raise AssertionError(done.stderr)
    return done.returncode, json.loads(done.stdout)["scenarios"][0]


class Servers(unittest.TestCase):
    def setUp(self):
        self.dir = Path(tempfile.mkdtemp())
        self.port = free_port()
        self.process = None

    def tearDown(self):
        if self.process:
            self.process.terminate()
            self.process.wait(10)
        shutil.rmtree(self.dir)

    def start(self, command, **options):
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
        wait_until_listening(self.port, self.process)

    def logged(self, expected):
        """Lines of the access log; written a little after the answer, so give them a moment to come."""
        log = self.dir / "access.log"
        for _ in range(100):
            lines = log.read_text().count("\n") if log.exists() else 0
            if lines >= expected:
                break
            time.sleep(0.02)
        return lines

    def nginx(self):
        (self.dir / "nginx.conf").write_text(NGINX_CONF.format(dir=self.dir, port=self.port))
        self.start([NGINX, "-c", str(self.dir / "nginx.conf"), "-e", str(self.dir / "error.log")])

    def test_nginx_counts_the_same_requests(self):
        self.nginx()
        code, scenario = saturn(f"http://127.0.0.1:{self.port}/hello", "-n", "3000", "-c", "20")
        self.assertEqual(code, 0)
        self.assertEqual(scenario["requests"]["ok"], 3000)
        self.assertEqual(self.logged(3000), 3000)

    def test_nginx_counts_the_same_in_a_timed_pipelined_run(self):
        self.nginx()
        code, scenario = saturn(f"http://127.0.0.1:{self.port}/hello", "-d", "300ms", "-c", "8", "-p", "4")
        self.assertEqual(code, 0)
        started = scenario["requests"]["started"]
        self.assertGreater(started, 100)
        self.assertEqual(self.logged(started), started)

    def test_a_404_is_not_a_success(self):
        self.nginx()
        _, scenario = saturn(f"http://127.0.0.1:{self.port}/missing", "-n", "100", "-c", "4")
        self.assertEqual(scenario["status"], {"404": 100})
        self.assertEqual(scenario["requests"]["not_ok"], 100)
        self.assertEqual(scenario["ok_rps"], 0)

    def test_gunicorn_counts_the_same_requests(self):
        (self.dir / "app.py").write_text(WSGI)
        self.start([f"{VENV}/bin/gunicorn", "-w", "2", "--threads", "2", "-k", "gthread", "-b", f"127.0.0.1:{self.port}",
                    "--access-logfile", str(self.dir / "access.log"), "app:application"], cwd=self.dir)
        code, scenario = saturn(f"http://127.0.0.1:{self.port}/", "-n", "500", "-c", "10", "-X", "POST", "-b", '{"a": 1}')
        self.assertEqual(code, 0)
        self.assertEqual(scenario["requests"]["ok"], 500)
        self.assertEqual(self.logged(500), 500)


if __name__ == "__main__":
    if not os.path.exists(f"{VENV}/bin/gunicorn"):
        sys.exit(f"no gunicorn in {VENV}: make it with tools/test, or: python3 -m venv {VENV} && {VENV}/bin/pip install -r tests/requirements.txt")
    if not os.path.exists(NGINX):
        sys.exit("no nginx: tools/setup --tests installs it")
    unittest.main()
