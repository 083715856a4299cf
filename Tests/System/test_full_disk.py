"""A full disk: nothing new is written, reads go on, and it ends by itself. Needs root."""

import os
import subprocess
import tempfile
import unittest

from ledger import Ledger, run, until

STEP = 64 << 20


class FullDisk(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.mkdtemp(prefix="tallystick-disk-")
        self.addCleanup(os.rmdir, self.place)
        mount = ["mount", "-t", "tmpfs", "-o", "size=288m", "tallystick-test", self.place]
        subprocess.run(mount, check=True)
        self.addCleanup(subprocess.run, ["umount", self.place], check=True)
        self.ledger = Ledger(inside=self.place)
        self.addCleanup(self.ledger.close)
        self.client = self.ledger.add_client("Disk client")
        self.token = self.client.token()

    def fill(self):
        """Leaves no block free."""
        with open(f"{self.place}/filling", "wb", buffering=0) as file:
            try:
                while file.write(bytes(1 << 16)):
                    pass
            except OSError:
                pass

    def give_back(self, environment):
        """Takes the reserved blocks behind the used part, so that they must be reserved again."""
        file = self.ledger.data / environment / "data.mdb"
        size, used = os.stat(file).st_size, 16 << 20
        punch = ["fallocate", "--punch-hole", f"--offset={used}", f"--length={size - used}", file]
        subprocess.run(punch, check=True)
        self.assertLess(os.stat(file).st_blocks * 512, STEP)

    def test_a_lock_file_that_finds_no_room(self):
        """LMDB's own is sparse, and writing to it would end the process with SIGBUS."""
        self.ledger.stop()
        for environment in ("journal", "state"):
            (self.ledger.data / environment / "lock.mdb").unlink()
        self.fill()
        for arguments in (["serve", "--listen", "127.0.0.1:0"], ["replay", "verify"]):
            result = run(*arguments, "--data", self.ledger.data)
            self.assertEqual((result.returncode, result.stdout), (3, ""), result)
            self.assertIn("No space left", result.stderr)
        os.unlink(f"{self.place}/filling")
        self.ledger.start()
        self.ledger.check()

    def assertReadOnly(self):
        before = self.ledger.events()
        for _ in range(3):
            answer = self.client.ask()
            self.assertEqual((answer.status, answer.json["error"]),
                             (503, "temporarily_unavailable"), answer)
            self.assertGreater(int(answer.headers["Retry-After"]), 0)
        answer = self.ledger.admin("POST", "/accounts", {"name": "A", "currency": "USD"})
        self.assertEqual((answer.status, answer.headers["Content-Type"]),
                         (503, "application/problem+json"))
        self.assertTrue(answer.headers["Retry-After"])
        self.assertEqual(self.client.revoke(self.token).status, 503)
        self.assertTrue(self.client.introspect(self.token)["active"])
        for path in ("/clients", "/charges", "/projects"):
            self.assertTrue(self.ledger.get(path)["items"])
        self.assertEqual(self.ledger.events(), before)
        ready = self.ledger.request("GET", "/readyz")
        self.assertEqual(ready.status, 503)
        self.assertIn("disk", ready.json["reason"])
        self.assertIn(b"\ntallystick_ready 0\n", self.ledger.request("GET", "/metrics").body)
        self.assertEqual(self.ledger.request("GET", "/healthz").status, 200)

    def assertRecovers(self):
        os.remove(f"{self.place}/filling")
        until(lambda: self.client.ask().status == 200, "tokens are issued again")
        self.assertEqual(self.ledger.request("GET", "/readyz").status, 200)
        self.assertEqual(self.client.revoke(self.token).status, 200)
        self.ledger.check()

    def survive(self, environment):
        self.give_back(environment)
        self.fill()
        self.assertReadOnly()
        self.assertRecovers()

    def test_no_room_for_the_journal(self):
        self.survive("journal")

    def test_no_room_for_the_state(self):
        self.survive("state")

    def test_reserved_room_is_enough_to_go_on(self):
        self.fill()
        self.assertEqual(self.client.ask().status, 200)
        self.assertRecovers()

    def test_killed_and_started_while_full(self):
        self.give_back("journal")
        self.fill()
        self.ledger.kill()
        self.ledger.start()
        self.assertReadOnly()
        self.assertRecovers()

    def test_ready_again_without_a_write(self):
        """A proxy that asks for readiness sends no requests while the answer is no."""
        self.give_back("journal")
        self.fill()
        self.assertReadOnly()
        os.remove(f"{self.place}/filling")
        until(lambda: self.ledger.request("GET", "/readyz").status == 200, "ready again", seconds=3)

    def test_init_on_a_full_disk_leaves_nothing(self):
        self.fill()
        result = run("init", "--data", f"{self.place}/second")
        self.assertEqual(result.returncode, 3, result)
        self.assertIn("disk", result.stderr)
        self.assertEqual([name for name in os.listdir(self.place) if name.startswith("second")], [])
