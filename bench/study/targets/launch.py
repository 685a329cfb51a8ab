"""Starts and stops the targets for conformance.py: environment, fresh database, schema, process group.

Commands, folders and settings are read from the study itself (python-web.json), so that what is tested is what is measured.
A Target is used as a context manager: whatever happens inside, its whole process group is gone afterwards.
"""

import fcntl
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time

TARGETS_DIR = pathlib.Path(__file__).resolve().parent
STUDY_DIR = TARGETS_DIR.parent
REQUIREMENTS = STUDY_DIR / "requirements.txt"
STAMP = "saturn-requirements.txt"  # in an environment of ours: the very file it was made from
PYTHON = "3.11"
READY_TIMEOUT_S, READY_ANSWERS, STOP_TIMEOUT_S = 60, 5, 10
UVICORN, H11 = "uvicorn_worker.UvicornWorker", "uvicorn_worker.UvicornH11Worker"


def python_targets():
    """name: (process, settings) of every target of the study that needs Python."""
    targets = json.loads((STUDY_DIR / "python-web.json").read_text())["targets"]
    found = {t["name"]: (t["launch"]["process"], t["settings"]) for t in targets}
    return {name: target for name, target in found.items() if "requirements" in target[0]}


TARGETS = python_targets()


class LaunchError(Exception):
    pass


def default_venv():
    cache = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    return pathlib.Path(cache) / "saturn" / "venv-python-web"


def find_python():
    """Python 3.11 with venv; failing that the Python this runs on, with a warning."""
    for python in (f"python{PYTHON}", f"/usr/bin/python{PYTHON}", sys.executable):
        path = shutil.which(python)
        probe = [path, "-c", "import venv, ensurepip, sys; print(*sys.version_info[:2], sep='.')"]
        found = path and subprocess.run(probe, capture_output=True, text=True)
        if found and found.returncode == 0:
            if found.stdout.strip() != PYTHON:
                print(
                    f"warning: no Python {PYTHON} with venv, using {path}: versions differ in speed",
                    file=sys.stderr,
                )
            return path
    raise LaunchError(f"no Python with venv found: apt-get install python{PYTHON} python{PYTHON}-venv")


def ready_venv(venv):
    """Makes the environment, or takes the one there is if it was made from these very requirements."""
    venv.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{venv}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted, stamp = REQUIREMENTS.read_bytes(), venv / STAMP
        if stamp.exists() and stamp.read_bytes() == wanted and (venv / "bin" / "python").exists():
            return
        if venv.exists():
            if any(venv.iterdir()) and not stamp.exists():
                raise LaunchError(f"{venv} was not made by this script: not touched; give another --venv")
            shutil.rmtree(venv)
        venv.mkdir()
        stamp.touch()  # ours, and not finished until it holds the requirements
        print(f"making {venv} from {REQUIREMENTS.name}, about half a minute", file=sys.stderr)
        install = "-m pip install --quiet --disable-pip-version-check --no-input -r".split()
        pip = [venv / "bin" / "python", *install, REQUIREMENTS]
        for command in ([find_python(), "-m", "venv", venv], pip):
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            if done.returncode != 0:
                raise LaunchError(f"{' '.join(map(str, command))} failed:\n{done.stdout[-2000:]}")
        stamp.write_bytes(wanted)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Target:
    """A started server; `command` has {{port}} where the port goes."""

    def __init__(self, name, command, log, cwd=None, env=None):
        self.name, self.command, self.log, self.cwd, self.env = name, command, log, cwd, env
        self.port, self.process = free_port(), None

    @classmethod
    def python(cls, name, venv, scratch):
        """One of TARGETS over a fresh database: the schema is made here, before any worker starts."""
        process, settings = TARGETS[name]
        values = {**settings, "database": scratch / f"{name}.db"}  # {{port}} is filled in at the start

        def filled(text):
            for key, value in values.items():
                text = text.replace("{{" + key + "}}", str(value))
            return text

        def command_of(words):
            return [venv / "bin" / words[0], *map(filled, words[1:])]

        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        env |= {key: filled(value) for key, value in process["env"].items()}
        cwd = STUDY_DIR / process["cwd"]
        schema = subprocess.run(command_of(process["before"]), cwd=cwd, env=env, capture_output=True, text=True)
        if schema.returncode != 0:
            raise LaunchError(f"{name}: {' '.join(process['before'])} failed:\n{schema.stderr[-2000:]}")
        return cls(name, command_of(process["command"]), scratch / f"{name}.log", cwd, env)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self):
        command = [str(part).replace("{{port}}", str(self.port)) for part in self.command]
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.cwd,
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.wait_ready()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def wait_ready(self):
        """Several good answers in a row, from a process that is still there."""
        deadline, good = time.monotonic() + READY_TIMEOUT_S, 0
        while good < READY_ANSWERS:
            if not self.alive():
                raise LaunchError(f"{self.name}: ended before it was ready:\n{self.tail()}")
            if time.monotonic() > deadline:
                raise LaunchError(f"{self.name}: not ready in {READY_TIMEOUT_S} s:\n{self.tail()}")
            good = good + 1 if self.answers() else 0
            time.sleep(0.05)

    def answers(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/hello")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def alive(self):
        return os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def workers(self):
        """Process ids of the server's children."""
        pid = self.process.pid
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def tail(self):
        return pathlib.Path(self.log).read_text(errors="replace")[-2000:]

    def stop(self):
        """Asks the group to stop, kills what is left; the leader is reaped last: the group id stays ours."""
        os.killpg(self.process.pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while self.alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
