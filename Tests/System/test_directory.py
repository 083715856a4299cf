"""The rules of the data directory and of the command line, and what damage does."""

import json
import mmap
import os
import re
import shutil
import struct
import subprocess
import tempfile
import unittest

from ledger import PROGRAM, Ledger, run


def copy(source, target):
    """Copies a file, however large its holes; a target that is there stays the same file."""
    subprocess.run(["cp", "--sparse=always", source, target], check=True)
    return target


def change_version(state):
    """Writes another version into the state's marker: it begins with version, device and inode."""
    status = os.stat(state)
    place = struct.pack(">QQ", status.st_dev, status.st_ino)
    stored = state.read_bytes()
    changed = re.sub(rb"(?s)(?<=marker).{8}(?=" + re.escape(place) + rb")", b"\x01" * 8, stored)
    assert changed != stored
    with open(state, "r+b") as file:
        file.write(changed)


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory(prefix="tallystick-test-")
        self.addCleanup(self.place.cleanup)
        self.missing = f"{self.place.name}/missing"

    def assertRefused(self, result, status, *words):
        """One sentence on standard error, nothing on standard output."""
        self.assertEqual(result.returncode, status, result)
        self.assertEqual(result.stdout, "")
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertTrue(result.stderr.startswith("tallystick: "), result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def test_wrong_calls(self):
        for arguments in [
            ("init",), ("serve",), ("replay", "verify"), ("init", "--data"),
            ("init", "--data", self.missing, "--verbose"),
            ("init", "--data", self.missing, "extra"),
            ("init", "--data", self.missing, "--issuer", "not a url"),
            ("init", "--data", self.missing, "--issuer", "http://a.example/?q"),
            ("serve", "--data", self.missing, "--listen", "nowhere"),
            ("serve", "--data", self.missing, "--listen", "127.0.0.1:99999"),
            ("serve", "--data", self.missing, "--loops", "0"),
            ("replay", "nothing", "--data", self.missing), ("replay",),
        ]:
            with self.subTest(arguments):
                self.assertRefused(run(*arguments), 2)
        for arguments in [(), ("nothing",)]:
            with self.subTest(arguments):
                self.assertEqual(run(*arguments).returncode, 2)
        self.assertFalse(os.path.exists(self.missing))

    def test_help(self):
        for arguments in [("--help",), ("help",), ("init", "--help"), ("serve", "-h")]:
            result = run(*arguments)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertIn("usage: tallystick init", result.stdout)

    def test_settings_that_are_neither_yes_nor_no(self):
        for value in ("true", "yes", "2"):
            environment = os.environ | {"TALLYSTICK_JSON": value}
            result = run("replay", "verify", "--data", self.missing, env=environment)
            self.assertRefused(result, 2, "TALLYSTICK_JSON", "1 or 0")
        environment = os.environ | {"TALLYSTICK_JSON": "0", "TALLYSTICK_DATA": ""}
        self.assertRefused(run("replay", "verify", env=environment), 2, "--data")

    def test_a_directory_that_may_not_be_read(self):
        """As another user: root may read everything."""
        ledger = f"{self.place.name}/ledger"
        self.assertEqual(run("init", "--data", ledger).returncode, 0)
        os.chmod(self.place.name, 0o755)
        with open(PROGRAM, "rb") as program:
            own = os.memfd_create("tallystick", 0)
            os.write(own, program.read())
        self.addCleanup(os.close, own)
        for command in (["serve"], ["replay", "verify"]):
            result = subprocess.run(
                ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                 f"/proc/self/fd/{own}", *command, "--data", ledger],
                capture_output=True, text=True, timeout=20, pass_fds=[own])
            self.assertRefused(result, 3, "ermission denied")
            self.assertNotIn("init", result.stderr)

    def test_no_place_for_it(self):
        path = f"{self.missing}/ledger"
        self.assertRefused(run("init", "--data", path), 2, path, "No such file")

    def test_no_ledger_there(self):
        for arguments in [("serve",), ("replay", "verify"), ("replay", "rebuild"),
                          ("replay", "compare")]:
            with self.subTest(arguments):
                self.assertRefused(run(*arguments, "--data", self.missing), 3, self.missing)

    def test_a_state_of_another_version(self):
        """It is not compared, and is made anew by a server."""
        with Ledger() as ledger:
            ledger.stop()
            change_version(ledger.data / "state/data.mdb")
            self.assertRefused(ledger.run_replay("compare"), 3, "another version of the program")
            ledger.start()
            self.assertIn("another version", ledger.warnings()[0]["reason"])
            ledger.check()

    def test_directory_from_the_environment(self):
        environment = os.environ | {"TALLYSTICK_DATA": self.missing}
        self.assertEqual(run("init", "--json", env=environment).returncode, 0)
        result = run("replay", "verify", env=environment)
        self.assertEqual((result.returncode, result.stdout), (0, "9 events verified; the checkpoint covers all of them\n"))

    def test_init(self):
        flags = ("--json", "--issuer", "https://id.example", "--origin", "id.example/log")
        result = json.loads(run("init", "--data", self.missing, *flags).stdout)
        self.assertEqual(result.keys(), {
            "origin", "issuer", "client_id", "client_secret", "account", "project", "plan",
            "checkpoint_key"})
        self.assertEqual((result["issuer"], result["origin"], result["plan"]),
                         ("https://id.example", "id.example/log", "standard"))
        for path, _, files in os.walk(self.missing):
            for name in [path] + [f"{path}/{file}" for file in files]:
                self.assertEqual(os.stat(name).st_mode & 0o077, 0, name)

    def test_init_takes_an_empty_directory_alone(self):
        os.mkdir(self.missing)
        open(f"{self.missing}/file", "w").close()
        self.assertRefused(run("init", "--data", self.missing), 2, self.missing)
        self.assertEqual(os.listdir(self.missing), ["file"])
        os.remove(f"{self.missing}/file")
        self.assertEqual(run("init", "--data", self.missing).returncode, 0)
        self.assertRefused(run("init", "--data", self.missing), 2, self.missing)

    def test_init_with_a_slash_at_the_end(self):
        for path in (self.missing, f"{self.place.name}/empty"):
            if path.endswith("empty"):
                os.mkdir(path)
            self.assertEqual(run("init", "--data", path + "/").returncode, 0)
            self.assertEqual(run("replay", "verify", "--data", path).returncode, 0)
        self.assertEqual(sorted(os.listdir(self.place.name)), ["empty", "missing"])

    def test_requests_are_logged_without_their_query(self):
        with Ledger(start=False) as ledger:
            ledger.start(under=["env", "TALLYSTICK_LOG_REQUESTS=1"])
            ledger.request("GET", "/healthz?secret=1")
            ledger.stop()
            line = json.loads(ledger.log())
            self.assertEqual((line["method"], line["path"], line["status"], line["peer"]),
                             ("GET", "/healthz", 200, "127.0.0.1"))

    def test_only_loopback_is_served_in_plain_http(self):
        run("init", "--data", self.missing)
        for host in ("0.0.0.0:0", "[::]:0", "203.0.113.1:0"):
            with self.subTest(host):
                self.assertRefused(run("serve", "--data", self.missing, "--listen", host), 2)


class Directory(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger()
        self.addCleanup(self.ledger.close)
        self.client = self.ledger.add_client("Directory client")
        self.token = self.client.token()
        self.state = self.ledger.data / "state/data.mdb"
        self.journal = self.ledger.data / "journal/data.mdb"

    assertRefused = CommandLine.assertRefused

    def serve(self):
        return run("serve", "--data", self.ledger.data, "--listen", "127.0.0.1:0")

    def test_one_server_a_directory(self):
        self.assertRefused(self.serve(), 1, "in use")
        self.assertTrue(self.client.introspect(self.token)["active"])

    # State: derived, so whatever does not fit is made again from the log.

    def assertRebuilt(self, damage):
        """Damages the state while the server is down; it comes back whole and says so once."""
        self.ledger.stop()
        damage()
        self.ledger.start()
        warnings = self.ledger.warnings()
        self.assertEqual(len(warnings), 1, self.ledger.log())
        self.assertTrue(warnings[0]["reason"])
        self.assertIn("rebuilt", warnings[0]["message"])
        self.assertTrue(self.client.introspect(self.token)["active"])
        self.assertEqual(self.client.ask().status, 200)
        self.ledger.check()
        self.ledger.stop()
        self.ledger.start()
        self.assertEqual(self.ledger.warnings(), warnings)

    def test_state_deleted(self):
        self.assertRebuilt(self.state.unlink)

    def test_state_directory_deleted(self):
        self.assertRebuilt(lambda: shutil.rmtree(self.state.parent))

    def test_state_of_garbage(self):
        def overwrite():
            with open(self.state, "r+b") as file:
                file.write(os.urandom(1 << 20))

        self.assertRebuilt(overwrite)

    def test_state_empty(self):
        self.assertRebuilt(lambda: os.truncate(self.state, 0))

    def test_state_cut_short(self):
        self.assertRebuilt(lambda: os.truncate(self.state, 3 * 4096))

    def test_state_of_another_ledger(self):
        with Ledger() as other:
            other.add_client("Foreign client")
            other.stop()
            self.assertRebuilt(lambda: copy(other.data / "state/data.mdb", self.state))

    def test_state_copied(self):
        new = self.state.with_name("copy")
        self.assertRebuilt(lambda: os.replace(copy(self.state, new), self.state))

    def test_state_that_is_older_catches_up(self):
        self.ledger.stop()
        old = copy(self.state, self.ledger.data.parent / "old")
        self.ledger.start()
        token = self.client.token()
        self.client.revoke(self.token)
        self.ledger.stop()
        copy(old, self.state)
        self.ledger.start()
        self.ledger.check()
        self.assertTrue(self.client.introspect(token)["active"])
        self.assertFalse(self.client.introspect(self.token)["active"])

    # Journal: the truth, so damage is refused.

    def overwrite(self, old, new):
        """Replaces bytes by as many others, wherever they stand in the journal's file."""
        self.assertEqual(len(old), len(new))
        with open(self.journal, "r+b") as file, mmap.mmap(file.fileno(), 0) as content:
            at = content.find(old)
            self.assertGreaterEqual(at, 0)
            while at >= 0:
                content[at:at + len(old)] = new
                at = content.find(old, at)

    def damage(self, position, old, new):
        """Stops the server and changes bytes inside one event; returns what undoes it."""
        event = self.ledger.admin("GET", f"/events/{position}").body
        self.assertEqual(event.count(old), 1)
        damaged = event.replace(old, new)
        self.ledger.stop()
        self.overwrite(event, damaged)
        return lambda: self.overwrite(damaged, event)

    def assertFault(self, position):
        status, found = self.ledger.replay("verify")
        self.assertEqual((status, found["verified"], found["position"]), (1, False, position))
        self.assertEqual(found["events"], position)
        self.assertTrue(found["fault"])
        text = run("replay", "verify", "--data", self.ledger.data)
        self.assertEqual((text.returncode, text.stderr), (1, ""))
        self.assertIn(f"position {position} ", text.stdout)

    def test_an_event_with_a_changed_byte(self):
        for position, old, new in [
            (5, b'"type":"project.created"', b'"type":"project.createe"'),
            (5, b'"position":5', b'"position":6'),
            (5, b'"revision":1', b'"revision":2'),
            (5, b'{"actor"', b'["actor"'),
            (5, b'"subject":"prj_', b'"subject":"acc_'),
            (5, b'"name":"Operations"', b'"name":"Operation\xff"'),
            (5, b'"recorded":"2', b'"recorded":"1'),
            (7, b'"part":[1,2]', b'"part":[0,2]'),
            (7, b'"exponent":2', b'"exponent":3'),
        ]:
            with self.subTest(new):
                undo = self.damage(position, old, new)
                try:
                    self.assertFault(position)
                finally:
                    undo()
                    self.ledger.start()
        self.ledger.check()

    def test_damage_is_named_when_the_state_must_be_rebuilt(self):
        self.damage(5, b'"revision":1', b'"revision":9')
        self.state.unlink()
        self.assertRefused(self.serve(), 3, "position 5")
        result = self.ledger.run_replay("rebuild")
        self.assertEqual((result.returncode, result.stdout), (3, ""))
        self.assertIn("position 5", result.stderr)

    def test_damage_at_the_end_is_named(self):
        self.ledger.stop()
        last = self.ledger.replay("verify")[1]["events"] - 1
        self.overwrite(b'"position":%d,' % last, b'"positiom":%d,' % last)
        self.assertRefused(self.serve(), 3, f"position {last}")

    def assertUnreadable(self):
        self.assertRefused(self.serve(), 3)
        for command in ("rebuild", "compare"):
            with self.subTest(command):
                result = run("replay", command, "--data", self.ledger.data)
                self.assertRefused(result, 3)
        status, found = self.ledger.replay("verify")
        self.assertEqual((status, found["verified"], found["events"]), (1, False, 0))
        self.assertIn("cannot be opened", found["fault"])

    def test_journal_of_garbage(self):
        self.ledger.stop()
        self.journal.write_bytes(os.urandom(100_000))
        self.assertUnreadable()

    def test_journal_empty(self):
        self.ledger.stop()
        os.truncate(self.journal, 0)
        self.assertUnreadable()

    def test_journal_cut_short(self):
        self.ledger.stop()
        os.truncate(self.journal, 3 * 4096)
        self.assertUnreadable()

    def test_keys_missing(self):
        self.ledger.stop()
        shutil.rmtree(self.ledger.data / "keys")
        self.assertRefused(self.serve(), 3)

    def test_signing_key_of_another_ledger(self):
        other = Ledger()
        self.addCleanup(other.close)
        self.ledger.stop()
        keys, others = self.ledger.data / "keys", other.data / "keys"
        shutil.copy(next(others.glob("*.pem")), next(keys.glob("*.pem")))
        self.assertRefused(self.serve(), 3, "key_")
