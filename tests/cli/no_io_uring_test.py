"""Where io_uring is refused, saturn says so, with the cause and the remedy, before anything is sent. The refusals are real: a seccomp filter
is put on the process before saturn starts."""
import os
import socket
import subprocess
import threading
import unittest

import seccomp

SATURN = os.environ["SATURN"]


def refuse_io_uring(error):
    seccomp.refuse(seccomp.IO_URING_SETUP, error)


class NoIoUring(unittest.TestCase):
    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.received = b""
        threading.Thread(target=self.read_all, daemon=True).start()

    def tearDown(self):
        self.listener.close()

    def read_all(self):
        try:
            while True:
                connection, _ = self.listener.accept()
                self.received += connection.recv(100)
        except OSError:
            pass

    def run_with(self, before):
        url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        done = subprocess.run([SATURN, "run", url, "-n", "1"], capture_output=True, text=True, timeout=30, preexec_fn=before)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(self.received, b"")
        return done.stderr

    def test_a_filter_names_the_profile_to_start_the_container_with(self):
        text = self.run_with(lambda: refuse_io_uring(1))
        self.assertIn("seccomp", text)
        self.assertIn("docker run --security-opt seccomp=tools/docker/seccomp.json", text)

    def test_no_such_call_is_said_to_be_a_kernel_without_io_uring(self):
        self.assertIn("no io_uring (ENOSYS)", self.run_with(lambda: refuse_io_uring(38)))

    def test_no_memory_names_the_limit(self):
        text = self.run_with(lambda: refuse_io_uring(12))
        self.assertIn("RLIMIT_MEMLOCK", text)
        self.assertIn("IPC_LOCK", text)


if __name__ == "__main__":
    unittest.main()
