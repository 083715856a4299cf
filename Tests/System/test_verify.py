"""What `replay verify` says of damaged pages, of checkpoints and of keys."""

import json
import os
import shutil
import struct
import unittest

import lmdb

import tamper
from ledger import Ledger, run
from load import Load

PAGE = 4096
BRANCH, LEAF = 1, 2
# Of struct MDB_page: mp_pad, mp_flags, mp_lower.
HEAD = struct.Struct("<8xHHH")


class DamagedPages(unittest.TestCase):
    """Damage that LMDB does not see, and that ends a process which reads it."""

    @classmethod
    def setUpClass(cls):
        cls.ledger = Ledger()
        cls.addClassCleanup(cls.ledger.close)
        client = cls.ledger.add_client("Damaged pages")
        for _ in range(200):
            client.token()
        cls.ledger.check()
        cls.ledger.stop()
        cls.path = cls.ledger.data / "journal/data.mdb"
        cls.whole = cls.path.read_bytes()
        cls.last = cls.ledger.replay("verify")[1]["events"] - 1

    def setUp(self):
        self.addCleanup(self.path.write_bytes, self.whole)

    def verify(self, *flags):
        return run("replay", "verify", "--data", self.ledger.data, *flags)

    def change(self, *patches, size=None):
        """Puts other bytes in their places in the file, and cuts it to so many pages."""
        content = bytearray(self.whole if size is None else self.whole[:size * PAGE])
        for at, value in patches:
            content[at:at + len(value)] = value
        self.path.write_bytes(content)

    def last_page(self):
        """Number of the last page in use, by the newer of LMDB's two meta pages."""
        metas = [struct.unpack_from("<QQ", self.whole, at + 136) for at in (0, PAGE)]
        return max(metas, key=lambda meta: meta[1])[0]

    def pages(self, kind):
        """Where every page in use of a kind begins."""
        starts = range(2 * PAGE, (self.last_page() + 1) * PAGE, PAGE)
        return [at for at in starts if HEAD.unpack_from(self.whole, at)[1] == kind]

    def assertFault(self, position, words):
        result = self.verify("--json")
        self.assertEqual(result.returncode, 1, result)
        found = json.loads(result.stdout)
        self.assertEqual((found["verified"], found["position"]), (False, position))
        self.assertLessEqual(found["events"], position)
        self.assertIn(words, found["fault"])
        text = self.verify()
        self.assertEqual(text.returncode, 1)
        self.assertIn(f"position {position} ", text.stdout)

    def test_a_page_at_which_lmdb_aborts(self):
        """A branch with one key: LMDB's own check ends the process."""
        self.change(*((at + 12, struct.pack("<H", 18)) for at in self.pages(BRANCH)))
        self.assertFault(0, "data.mdb is damaged there, its reader was ended by Aborted")

    def event_elsewhere(self, position, size):
        """Makes the node of an event say that the event stands on the last page, so many bytes long."""
        node = self.whole.rindex(b'{"actor"', 0, self.whole.rindex(b'"position":%d,' % position)) - 16
        head = struct.pack("<HHHH", size & 0xFFFF, size >> 16, 1, 8)
        return (node, head), (node + 16, struct.pack("<Q", self.last_page()))

    def test_an_event_of_a_size_beyond_all_bounds(self):
        self.change(*self.event_elsewhere(100, 1 << 30))
        self.assertFault(100, "larger than an event may be")

    def test_an_event_that_goes_on_behind_the_file(self):
        """Reading it is a bus error."""
        self.change(*self.event_elsewhere(100, 60_000), size=self.last_page() + 1)
        self.assertFault(100, "data.mdb is damaged there, its reader was ended by Bus error")

    def test_an_event_on_zeroed_pages(self):
        for at in self.pages(LEAF):
            if b'"position":100,' in self.whole[at:at + PAGE]:
                self.change((at, bytes(PAGE)))
        status, found = self.ledger.replay("verify")
        self.assertEqual((status, found["verified"]), (1, False))
        self.assertLessEqual(found["position"], 100)

    def test_an_event_at_the_last_position_there_is(self):
        """All positions before it are missing, more than can be counted."""
        with lmdb.open(str(self.path.parent), max_dbs=8, map_size=1 << 30) as environment:
            events = environment.open_db(b"events", create=False)
            with environment.begin(write=True, db=events) as transaction:
                transaction.put(struct.pack(">Q", (1 << 64) - 2), b"{}")
        self.assertFault(self.last + 1, "is missing")

    def test_a_file_that_is_cut_short(self):
        self.change(size=self.last_page() - 1)
        status, found = self.ledger.replay("verify")
        self.assertEqual((status, found["verified"], found["events"]), (1, False, 0))
        self.assertIn("cut short", found["fault"])


class Checkpoints(unittest.TestCase):
    """What verify says of checkpoints and keys, the ledger's own and those that were kept."""

    @classmethod
    def setUpClass(cls):
        cls.ledger = Ledger()
        cls.addClassCleanup(cls.ledger.close)
        cls.client = cls.ledger.add_client("Verified")
        cls.client.token()
        cls.ledger.stop()
        cls.data, cls.key = cls.ledger.data, cls.ledger.genesis["checkpoint_key"]
        cls.kept = cls.data.parent / "kept"
        shutil.copy(cls.data / "checkpoint", cls.kept)
        cls.ledger.start()
        for _ in range(1_100):
            cls.client.token()
        cls.ledger.stop()

    def verify(self, *flags, status=0):
        result = run("replay", "verify", "--data", self.data, "--json", *flags)
        self.assertEqual(result.returncode, status, result)
        return json.loads(result.stdout) if result.stdout else result.stderr

    def moved(self, name):
        """Moves a file away for the length of a test."""
        place = self.data.parent / "moved"
        os.rename(self.data / name, place)
        self.addCleanup(os.rename, place, self.data / name)

    def size(self, path):
        return int(path.read_text().split("\n")[1])

    def test_a_good_ledger(self):
        found = self.verify()
        lines = (self.data / "checkpoint").read_text().split("\n")
        self.assertEqual((found["signed"], found["root"]), (int(lines[1]), lines[2]))
        self.assertEqual((found["events"], found["hashed_alone"]), (found["signed"], 0))
        text = run("replay", "verify", "--data", self.data).stdout
        self.assertEqual(
            text, f"{found['events']} events verified; the checkpoint covers all of them\n")

    def test_a_checkpoint_and_a_key_that_were_kept(self):
        for flags in (["--key", self.key], ["--checkpoint", self.kept],
                      ["--key", self.key, "--checkpoint", self.kept]):
            with self.subTest(flags):
                self.assertEqual(self.verify(*flags)["signed"], self.size(self.data / "checkpoint"))

    def test_going_on_from_a_checkpoint(self):
        self.assertEqual(self.verify("--from-checkpoint", self.kept)["hashed_alone"], 0)
        newest = ["--from-checkpoint", self.data / "checkpoint"]
        found = self.verify(*newest)
        self.assertEqual(found["hashed_alone"], found["events"])
        text = run("replay", "verify", "--data", self.data, *newest).stdout
        self.assertIn(f", the first {found['events']} hashed alone; ", text)
        self.ledger.start()
        for _ in range(3):
            self.client.token()
        self.ledger.stop()
        after = self.verify("--from-checkpoint", self.kept)
        self.assertEqual(after["events"], found["events"] + 3)

    def test_a_key_of_another_log(self):
        with Ledger(start=False) as other:
            key = other.genesis["checkpoint_key"]
            self.assertIn("not genuine", self.verify("--key", key, status=1)["fault"])
            flags = ["--checkpoint", other.data / "checkpoint"]
            self.assertIn("not genuine", self.verify(*flags, status=1)["fault"])
            fault = self.verify(*flags, "--key", key, status=1)["fault"]
            self.assertIn("is not of this log", fault)

    def test_a_log_that_goes_on_as_another(self):
        """A key vouches for what it signed, and for nothing behind it."""
        data = self.data.parent / "continued"
        shutil.copytree(self.data, data)
        self.addCleanup(shutil.rmtree, data)
        events = tamper.stored_events(data)
        origin, size, root = (data / "checkpoint").read_text().split("\n")[:3]
        continued = {
            "actor": {"id": "tallystick replay restore", "kind": "system"},
            "data": {"origin": "another.example",
                     "previous": {"origin": origin, "root": root, "size": int(size)}},
            "position": len(events), "recorded": json.loads(events[-1])["recorded"], "revision": 1,
            "subject": json.loads(events[0])["subject"], "type": "ledger.continued"}
        events.append(json.dumps(continued, sort_keys=True, separators=(",", ":")).encode())
        tamper.replace_log(data, events, tamper.full_tiles(events))
        verify = ["replay", "verify", "--data", data, "--json"]
        fault = json.loads(run(*verify).stdout)["fault"]
        self.assertIn(f"of the log {origin}, and this one is another.example", fault)
        tamper.sign(data, events, "another.example")
        found = json.loads(run(*verify).stdout)
        self.assertEqual((found["verified"], found["signed"]), (True, len(events)))
        kept = ["--key", self.key, "--checkpoint", self.kept]
        found = json.loads(run(*verify, *kept).stdout)
        self.assertEqual((found["verified"], found["signed"]), (True, self.size(self.kept)))
        tamper.sign(data, events, "a-third.example")
        found = json.loads(run(*verify, *kept).stdout)
        self.assertIn("of the log a-third.example, and this one is another.example", found["fault"])

    def test_missing_files(self):
        self.moved("keys/checkpoint")
        self.assertIn("--key", self.verify(status=1)["fault"])
        self.assertTrue(self.verify("--key", self.key)["verified"])

    def test_a_missing_checkpoint(self):
        self.moved("checkpoint")
        fault = self.verify("--checkpoint", self.kept, status=1)["fault"]
        self.assertIn("the checkpoint is missing", fault)

    def test_a_wrong_call(self):
        for flags in (["--key", "nonsense"], ["--steps", "x"], ["--locate", "0"],
                      ["--checkpoint", self.kept, "--from-checkpoint", self.kept]):
            with self.subTest(flags):
                self.assertIn("--", self.verify(*flags, status=2))
        self.assertIn("nowhere", self.verify("--checkpoint", "/nowhere", status=3))

    def test_beside_a_server_that_issues_tokens(self):
        self.ledger.start()
        load = Load(self.ledger, [self.client] * 4)
        for _ in range(5):
            load.wait_for(20)
            found = self.verify("--checkpoint", self.kept)
            self.assertLessEqual(found["signed"], found["events"])
        load.stop()
        self.assertEqual(load.refusals, [])
        self.ledger.check()
        self.ledger.stop()

    def test_a_log_of_before_there_were_checkpoints(self):
        """The first format has no tiles, and the ledger no key and no checkpoint."""
        with Ledger(start=False) as old:
            environment = lmdb.open(str(old.data / "journal"), max_dbs=8, map_size=1 << 30)
            with environment.begin(write=True) as transaction:
                meta = environment.open_db(b"meta", transaction, create=False)
                transaction.put(b"format", b"\1", db=meta)
            environment.close()
            result = run("replay", "verify", "--data", old.data, "--json")
            self.assertIn("said to have none", json.loads(result.stdout)["fault"])
            for name in ("checkpoint", "keys/checkpoint"):
                os.remove(old.data / name)
            result = run("replay", "verify", "--data", old.data)
            self.assertEqual((result.returncode, result.stdout),
                             (0, "9 events verified; no checkpoint was ever signed of them\n"))
            self.assertIn("the checkpoint is missing", run(
                "replay", "verify", "--data", old.data, "--key", self.key).stdout)


if __name__ == "__main__":
    unittest.main()
