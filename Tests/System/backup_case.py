"""What the tests of backups begin with."""

import pathlib
import shutil
import tempfile
import unittest

from ledger import Ledger


class BackupCase(unittest.TestCase):
    """A ledger that is served, with a client, and a place for its backup."""

    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix="tallystick-backup-"))
        self.addCleanup(shutil.rmtree, self.place)
        self.ledger = Ledger()
        self.addCleanup(self.ledger.close)
        self.client = self.ledger.add_client("Backed up")
        self.copy = self.place / "backup"
