"""saturn study given something it cannot do: what, why and what to do about it, exit code 1, and nothing started."""
import json
import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

SATURN = os.environ["SATURN"]
PLAN = {"schema": "saturn.plan/1", "scenarios": [
    {"name": "hello", "executor": "constant-vus", "vus": 1, "duration": "100ms", "flow": [{"get": "/hello"}]}]}

# A Python as far as the launcher asks: its version, whether it has venv, and what making an environment needs.
FAKE_PYTHON = """#!/bin/sh
echo "$*" >> {calls}
case "$*" in
  *version_info*) echo {version} ;;
  *"import venv"*) exit {venv} ;;
  "-m venv "*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *"pip install"*) echo "ERROR: No matching distribution found for flask"; exit {pip} ;;
  *importlib*) echo "flask 3.1.0" ;;
esac
"""


class Refusal(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.out = self.folder / "out"
        self.calls = self.folder / "calls"

    def write(self, command=("true", "{{port}}"), **changes):
        (self.folder / "plan.json").write_text(json.dumps(PLAN))
        (self.folder / "requirements.txt").write_text("flask==3.1.0\n")
        process = {"requirements": "requirements.txt", "command": list(command)}
        study = {"schema": "saturn.study/1", "name": "small", "plan": "plan.json",
                 "targets": [{"name": "t", "launch": {"process": process}, "versions": ["flask"]}],
                 "procedure": {"ready": {"get": "/hello"}, "seed": {"count": 1, "list": "/items/", "post": "/items/"}},
                 "metrics": {"hello": "rps"}, **changes}
        (self.folder / "study.json").write_text(json.dumps(study))
        return self.folder / "study.json"

    def python(self, name="python3.11", version="3.11.7", venv=0, pip=0):
        """A folder for PATH in which this is the only Python."""
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        for tool in ("sh", "mkdir", "cp", "true"):
            if not (tools / tool).exists():
                (tools / tool).symlink_to(f"/bin/{tool}")
        if name:
            path = tools / name
            path.write_text(FAKE_PYTHON.format(calls=self.calls, version=version, venv=venv, pip=pip))
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return {"PATH": str(tools), "XDG_CACHE_HOME": str(self.folder / "cache"), "HOME": str(self.folder)}

    def study(self, *arguments, env=None):
        done = subprocess.run([SATURN, "study", *map(str, arguments)], capture_output=True, text=True, timeout=60,
                              env=env or os.environ, cwd=self.folder)
        return done.returncode, done.stdout, done.stderr

    def refuses(self, *arguments, says, env=None):
        code, out, err = self.study(*arguments, env=env)
        self.assertEqual(code, 1, out + err)
        for part in says:
            self.assertIn(part, err)
        return err


class Input(Refusal):
    def test_a_file_that_is_not_there(self):
        self.refuses("missing.json", says=["missing.json: cannot be read: No such file or directory; name a study file; "])
        err = self.refuses("http://me:hunter2@127.0.0.1/", says=["a server or a plan is run with: saturn run http://***@127.0.0.1/"])
        self.assertNotIn("hunter2", err)
        (self.folder / "plan.json").write_text('{"scenarios": []}')
        self.refuses("plan.json", says=["/schema: is missing: this looks like a plan, not a study; run it with: saturn run plan.json"])

    def test_json_that_is_broken(self):
        (self.folder / "study.json").write_text('{"schema": ')
        self.refuses("study.json", says=["error: study.json: ", "line 1"])

    def test_every_mistake_at_once(self):
        study = self.write(repeats="5", targets=[{"name": "t", "launch": {"docker": {}}}], procedure={"ready": {"get": "/"}})
        err = self.refuses(study, "-o", self.out, says=["/repeats", "/targets/0/launch/docker", "/procedure/seed: is missing"])
        self.assertEqual(err.count("error: "), 3)
        self.assertFalse(self.out.exists())

    def test_a_plan_that_cannot_be_read(self):
        self.refuses(self.write(plan="other.json"), says=["/plan: ", "other.json: cannot be read"])

    def test_names_that_are_not_there(self):
        study = self.write()
        self.refuses(study, "--profile", "slow", says=['--profile: the study has no profile "slow"; it has full'])
        self.refuses(study, "--only", "x", "--only", "y", says=['no target "x" in this study; it has t', 'no target "y"'])

    def test_what_it_holds_as_a_list(self):
        code, out, err = self.study(self.write(), "--list")
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.splitlines(), ["target  role   profiles  scenarios", "t       stack  all       all", "",
                                            "scenario  metric  executor      load         steps",
                                            "hello     rps     constant-vus  1 VU, 100ms  GET /hello", "",
                                            "profile  repeats", "full     1"])
        self.assertFalse(self.out.exists())

    def test_another_kind_of_file_is_one_line(self):
        (self.folder / "plan.json").write_text(json.dumps(PLAN))
        err = self.refuses("plan.json", says=["plan.json /schema: this is a plan, not a study; run it with: saturn run plan.json"])
        self.assertEqual(err.count("error: "), 1)

    def test_flags_that_are_wrong(self):
        study = self.write()
        for flags, says in ((["--profil", "quick"], "--profil: no such flag; did you mean --profile?"),
                            (["--repeats", "0"], "--repeats: 0 is out of range; write 1 to 1000"),
                            (["--seed", "x"], '--seed: "x" is not a whole number; write 0 or more'),
                            (["--runs", "3"], "--runs: the number of runs is --repeats; type --repeats 3"),
                            (["-c", "3"], "-c: the study file says this"),
                            ([study], "there is one already"),
                            (["--seed"], "--seed: a value is missing")):
            err = self.refuses(study, *flags, says=["error: " + says if says[0] == "-" else says])
            self.assertEqual(err.count("error: "), 1)
        self.refuses(says=["error: nothing to study; type saturn study STUDY.json"])

    def test_the_long_name_of_the_folders_flag(self):
        self.out.mkdir()
        (self.out / "notes.txt").write_text("mine")
        self.refuses(self.write(), "--output", self.out, says=[f"{self.out}: is not empty"])

    def test_a_folder_that_holds_something(self):
        self.out.mkdir()
        (self.out / "notes.txt").write_text("mine")
        self.refuses(self.write(), "-o", self.out, says=[f"{self.out}: is not empty", "--force"])
        self.assertEqual((self.out / "notes.txt").read_text(), "mine")

    def test_a_folder_that_cannot_be_made(self):
        (self.folder / "file").write_text("")
        self.refuses(self.write(), "-o", self.folder / "file" / "out", says=["cannot be made a folder"])


class Python(Refusal):
    def test_no_python(self):
        self.refuses(self.write(), "-o", self.out, env=self.python(name=None),
                     says=["python3: no Python 3.11 or newer found in PATH", "apt-get install python3 python3-venv"])

    def test_a_python_that_is_too_old(self):
        self.refuses(self.write(), "-o", self.out, env=self.python("python3", "3.10.12"), says=["no Python 3.11 or newer"])

    def test_a_python_without_venv(self):
        self.refuses(self.write(), "-o", self.out, env=self.python(venv=1), says=["venv and ensurepip are missing", "python3-venv"])

    def test_packages_that_cannot_be_installed(self):
        err = self.refuses(self.write(), "-o", self.out, env=self.python(pip=1),
                           says=["pip install: exit code 1: ERROR: No matching distribution found for flask"])
        log = err.split("everything it said is in ")[1].split()[0]
        self.assertIn("No matching distribution", pathlib.Path(log).read_text())
        self.assertEqual(list(self.out.iterdir()), [])  # so that the next attempt needs no --force

    def test_the_environment_is_made_once(self):
        env = self.python()
        for _ in range(2):
            code, out, _ = self.study(self.write(), "-o", self.out, "--force", env=env)
            self.assertEqual(code, 2, out)  # `true` is no server
        calls = self.calls.read_text()
        self.assertEqual((calls.count("-m venv"), calls.count("pip install")), (1, 1))
        result = json.loads((self.out / "study-result.json").read_text())
        self.assertEqual(result["targets"][0]["versions"], {"python": "3.11.7", "flask": "3.1.0"})
        self.assertEqual(result["notes"], [])
        (self.folder / "requirements.txt").write_text("flask==3.1.1\n")
        self.study("study.json", "-o", self.out, "--force", env=env)
        self.assertEqual(self.calls.read_text().count("pip install"), 2)

    def test_without_a_home_the_runtime_folder_is_taken(self):
        runtime = self.folder / "runtime"
        runtime.mkdir(mode=0o700)
        env = {"PATH": self.python()["PATH"], "XDG_RUNTIME_DIR": str(runtime)}
        code, out, err = self.study(self.write(), "-o", self.out, env=env)
        self.assertEqual(code, 2, out + err)
        self.assertIn(f"making the Python environment {runtime}/saturn/venv-", out)
        self.assertEqual(stat.S_IMODE((runtime / "saturn").stat().st_mode), 0o700)

    @unittest.skipIf(os.geteuid() == 0, "root has /var/cache/saturn; study_cache_folder_test plays another user")
    def test_without_any_home_an_error_says_what_to_set(self):
        env = {"PATH": self.python()["PATH"]}
        err = self.refuses(self.write(), "-o", self.out, env=env, says=["HOME: is not set", "XDG_CACHE_HOME to a folder of your own"])
        self.assertNotIn("/tmp", err)

    def planted(self):
        """An environment as if made before, in the place where a study will look for it; its Python leaves a trace."""
        env = self.python()
        self.study(self.write(), "-o", self.out, env=env)
        cache = self.folder / "cache" / "saturn"
        [root] = [path for path in cache.iterdir() if path.is_dir()]
        trace = self.folder / "executed"
        (root / "bin" / "python").write_text(f"#!/bin/sh\ntouch {trace}\necho flask 3.1.0\n")
        (self.folder / "tools" / "touch").symlink_to("/bin/touch")
        return env, cache, root, trace

    def test_an_environment_that_others_may_write_is_not_executed(self):
        env, cache, root, trace = self.planted()
        for path in (cache, root):
            path.chmod(0o777)
            self.refuses(self.write(), "-o", self.out, "--force", env=env,
                         says=[f"{path}: may be written by others", f"chmod go-w {path}"])
            self.assertFalse(trace.exists())
            path.chmod(0o700)
        code, _, _ = self.study(self.write(), "-o", self.out, "--force", env=env)
        self.assertEqual((code, trace.exists()), (2, True))  # so it would have been

    @unittest.skipUnless(os.geteuid() == 0, "only root can give a folder away")
    def test_an_environment_of_somebody_else_is_not_executed(self):
        env, cache, root, trace = self.planted()
        for path in (cache, root):
            os.chown(path, 4321, -1)
            self.refuses(self.write(), "-o", self.out, "--force", env=env,
                         says=[f"{path}: belongs to user 4321, not to user 0", "set XDG_CACHE_HOME"])
            self.assertFalse(trace.exists())
            os.chown(path, 0, -1)

    def test_a_cache_below_a_folder_of_everybody_is_refused(self):
        env = self.python()
        (self.folder / "cache").mkdir()
        (self.folder / "cache").chmod(0o777)
        self.refuses(self.write(), "-o", self.out, env=env, says=[f"{self.folder}/cache: may be written by everyone"])

    def test_a_newer_python_does_with_a_warning(self):
        code, out, _ = self.study(self.write(), "-o", self.out, env=self.python("python3.12", "3.12.3"))
        self.assertEqual(code, 2)
        self.assertIn("note: Python 3.12.3 instead of 3.11, which the study names", out)
        self.assertIn("Python 3.12.3 instead of 3.11", json.loads((self.out / "study-result.json").read_text())["notes"][0])


if __name__ == "__main__":
    unittest.main()
