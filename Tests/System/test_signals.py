"""Signals are heard at any time, and a log that nobody reads holds nobody up."""

import fcntl
import os
import signal
import subprocess
import time
import unittest

from conversation import ALIVE
from ledger import PROGRAM, Ledger, until
from load import connect


class Signals(unittest.TestCase):
    def test_told_while_it_starts(self):
        """It ends before it ever listens. Told too late by chance, it is told again."""
        with Ledger(start=False) as ledger:
            for _ in range(20):
                (ledger.data / "state/data.mdb").unlink()
                process = subprocess.Popen(
                    [PROGRAM, "serve", "--data", ledger.data, "--listen", "127.0.0.1:0"],
                    stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
                until(lambda: self.has_open(process, "journal/data.mdb"), "it starts")
                for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGCONT):
                    process.send_signal(number)
                said, _ = process.communicate(timeout=20)
                self.assertEqual(process.returncode, 0)
                if not said:
                    break
            self.assertEqual(said, "")
            ledger.start()
            ledger.check()

    @staticmethod
    def has_open(process, name):
        folder = f"/proc/{process.pid}/fd"
        try:
            return any(os.readlink(f"{folder}/{number}").endswith(name)
                       for number in os.listdir(folder))
        except FileNotFoundError:
            return False  # One was closed meanwhile.

    @staticmethod
    def child(pid):
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return int(children.read().split()[0])

    def test_the_log_fails_during_the_delay(self):
        """The clients of that moment get their answers, and the others are served on."""
        with Ledger(start=False, serve=["--drain-delay", "4"]) as ledger:
            ledger.start(under=["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync",
                                "-e", "inject=fdatasync:error=EIO:when=4+"])
            served = self.child(ledger.process.pid)
            with connect(ledger.port) as connection:
                os.kill(served, signal.SIGTERM)
                until(lambda: ledger.request("GET", "/readyz").status == 503, "not ready")
                until(lambda: ledger.operator.ask().status == 503, "the log fails")
                connection.sendall(ALIVE)
                self.assertIn(b" 200 OK", connection.recv(65_536))
            self.assertEqual(ledger.process.wait(20), 1, ledger.log())
            ledger.process.stdout.close()
            ledger.process = None
            self.assertNotIn("at once", ledger.log())
            ledger.serve = ledger.serve[2:]
            ledger.start()
            ledger.check()

    def test_nobody_reads_the_log(self):
        with Ledger(start=False, serve=["--log-requests"]) as ledger:
            reader, writer = os.pipe()
            fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4_096)
            process = subprocess.Popen(
                [PROGRAM, "serve", "--data", ledger.data, *ledger.serve],
                stdout=subprocess.PIPE, stderr=writer, text=True)
            os.close(writer)
            self.addCleanup(process.wait)
            self.addCleanup(process.kill)
            self.addCleanup(process.stdout.close)
            port = int(process.stdout.readline().rsplit(":", 1)[1])
            with connect(port) as connection:
                for _ in range(200):
                    connection.sendall(ALIVE)
                    self.assertIn(b" 200 OK", connection.recv(65_536))
                read = os.read(reader, 4_096)
                connection.sendall(ALIVE)
                self.assertIn(b" 200 OK", connection.recv(65_536))
            self.assertLess(read.count(b"\n"), 100)
            self.assertRegex(os.read(reader, 4_096), rb'"lines_lost":1\d\d')
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(5), 0)
            os.close(reader)
