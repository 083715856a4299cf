"""What `replay verify` says of a journal whose pages are damaged."""

import json
import struct
import unittest

from ledger import Ledger, run

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

    def test_a_file_that_is_cut_short(self):
        self.change(size=self.last_page() - 1)
        result = self.verify()
        self.assertEqual(result.returncode, 3, result)
        self.assertIn("cut short", result.stderr)


if __name__ == "__main__":
    unittest.main()
