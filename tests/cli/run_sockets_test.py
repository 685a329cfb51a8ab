"""More connections than a process may have descriptors; source addresses and receive memory as users give them."""
import json
import resource
import unittest

from support import saturn, target


def at_most(descriptors):
    """For preexec_fn: the new process may open so many files and cannot raise that."""
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))


def run(*words, **options):
    done = saturn("run", *words, "--json", "-q", **options)
    return done, json.loads(done.stdout) if done.stdout else None


class ManyConnections(unittest.TestCase):
    def test_more_connections_than_descriptors_all_open_and_every_answer_is_counted(self):
        with target() as server:
            done, result = run(server.url + "/hello", "-c", 400, "-n", 4000, preexec_fn=at_most(128))
            self.assertEqual(done.returncode, 0, done.stderr)
            scenario = result["scenarios"][0]
            self.assertEqual(scenario["connections"]["established"], 400)
            self.assertEqual(scenario["requests"]["ok"], 4000)
            self.assertEqual(server.truth()["requests"]["total"], 4000)
            self.assertIn("DIRECT_DESCRIPTORS", result["saturn"]["ring"]["features"])
            self.assertEqual(len(scenario["shards"]), 4)  # each ring's table holds 128

    def test_descriptors_are_used_where_they_are_enough(self):
        with target() as server:
            done, result = run(server.url + "/hello", "-c", 40, "-n", 400)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("DIRECT_DESCRIPTORS", result["saturn"]["ring"]["features"])

    def test_a_connection_for_each_request_works_in_the_tables_too(self):
        with target() as server:
            done, result = run(server.url + "/hello", "-c", 200, "-n", 2000, "--no-keepalive", preexec_fn=at_most(128))
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(result["scenarios"][0]["requests"]["ok"], 2000)
            self.assertEqual(server.truth()["requests"]["total"], 2000)

    def test_sockets_that_the_ring_makes_carry_kept_and_short_connections(self):
        for flags in ([], ["--no-keepalive"]):
            with self.subTest(flags=flags), target() as server:
                done, result = run(server.url + "/hello", "-c", 200, "-n", 2000, "-t", 1, "--sockets", "linked", *flags)
                if "Linux 6.7" in done.stderr:
                    self.skipTest(done.stderr)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(result["scenarios"][0]["requests"]["ok"], 2000)
                self.assertEqual(result["scenarios"][0]["latency_source"], "kernel-rx")
                self.assertEqual(server.truth()["requests"]["total"], 2000)
                self.assertIn("SOCKET_LINKED_CONNECT", result["saturn"]["ring"]["features"])

    def test_sockets_that_the_ring_makes_are_not_bound(self):
        done, _ = run("http://127.0.0.1:1/", "--sockets", "linked", "--source-ip", "127.0.0.2")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--sockets: sockets that the ring makes are not bound to --source-ip", done.stderr)

    def test_too_few_threads_for_the_tables_says_how_many_are_needed(self):
        done, _ = run("http://127.0.0.1:1/", "-c", 400, "-t", 2, preexec_fn=at_most(128))
        self.assertEqual(done.returncode, 1)
        self.assertIn("-t 4", done.stderr)
        self.assertIn("this process may open 128", done.stderr)


class SourceAddresses(unittest.TestCase):
    def test_a_run_from_several_addresses_is_a_run_and_says_so(self):
        with target() as server:
            done = saturn("run", server.url + "/hello", "-c", 8, "-n", 80, "--source-ip", "127.0.0.2,127.0.0.3")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("from 127.0.0.2, 127.0.0.3", done.stdout.splitlines()[0])
            self.assertEqual(server.truth()["requests"]["total"], 80)

    def test_an_address_of_another_host_is_refused(self):
        done, _ = run("http://127.0.0.1:1/", "--source-ip", "192.0.2.1")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--source-ip: 192.0.2.1 is not an address of this host", done.stderr)

    def test_words_are_not_addresses(self):
        done, _ = run("http://127.0.0.1:1/", "--source-ip", "eth0,")
        self.assertEqual(done.returncode, 1)
        self.assertIn('"eth0" is not an IP address', done.stderr)
        self.assertIn('"" is not an IP address', done.stderr)


class ReceiveMemory(unittest.TestCase):
    def test_a_small_one_is_enough_for_large_answers(self):
        with target() as server:
            done, result = run(server.url + "/_fault/bytes/300000", "-c", 16, "-n", 300, "--recv-memory", "256KiB")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(result["scenarios"][0]["requests"]["ok"], 300)

    def test_sizes_that_are_none_and_too_small_ones_are_refused(self):
        for size, said in (("lots", "is not a size"), ("0", "out of range"), ("10KiB", "each needs 256 KiB")):
            done, _ = run("http://127.0.0.1:1/", "--recv-memory", size)
            self.assertEqual(done.returncode, 1, size)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
