"""`tallystick init --recover`: for the day on which the last secret is lost."""

import json
import pathlib
import tempfile
import unittest

from ledger import PERMISSIONS, Client, Ledger, run


def recover(data, *flags):
    return run("init", "--data", data, "--recover", *flags)


class Recovery(unittest.TestCase):
    def test_the_last_secret_is_lost(self):
        with Ledger() as ledger:
            lost = ledger.operator
            charges = ledger.get("/charges")["total"]
            ledger.stop()
            result = recover(ledger.data, "--json")
            self.assertEqual(result.returncode, 0, result.stderr)
            new = json.loads(result.stdout)
            self.assertEqual(new.keys(), {"client_id", "client_secret"})
            ledger.check()
            ledger.start()
            ledger.bearer = None
            ledger.operator = Client(ledger, new["client_id"], new["client_secret"])
            self.assertEqual(ledger.operator.ask().json["scope"], PERMISSIONS)
            self.assertEqual(ledger.get("/charges")["total"], charges)
            self.assertEqual(
                ledger.get(f"/clients/{new['client_id']}")["project"], ledger.genesis["project"])
            self.says_who_did_it(ledger, new["client_id"])
            self.ends_the_old_one(ledger, lost)
            ledger.check()

    def says_who_did_it(self, ledger, client):
        events = [json.loads(line) for line in ledger.events(subject=client)]
        self.assertEqual([event["type"] for event in events], ["client.added", "role.granted"])
        for event in events:
            self.assertEqual(event["actor"], {"kind": "system", "id": "tallystick init --recover"})
            self.assertIn("data directory", event["reason"])

    def ends_the_old_one(self, ledger, lost):
        grant = ledger.get(f"/clients/{lost.id}/roles")["items"][0]
        answer = ledger.admin("DELETE", f"/clients/{lost.id}/roles/{grant['id']}")
        self.assertEqual((answer.status, answer.json), (200, {"items": []}))
        mine = ledger.get(f"/clients/{ledger.operator.id}/roles")["items"][0]
        answer = ledger.admin("DELETE", f"/clients/{ledger.operator.id}/roles/{mine['id']}")
        self.assertEqual((answer.status, answer.json["conflicts"]), (409, [ledger.operator.id]))

    def test_twice_and_in_words(self):
        with Ledger(start=False) as ledger:
            for _ in range(2):
                result = recover(ledger.data)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertRegex(result.stdout, r"client_id +cli_\w{26}\n +client_secret +tsk_live_")
            ledger.check()

    def test_not_while_it_is_served(self):
        with Ledger() as ledger:
            head = len(ledger.events())
            result = recover(ledger.data)
            self.assertEqual((result.returncode, result.stdout), (1, ""))
            self.assertIn("in use", result.stderr)
            self.assertEqual(len(ledger.events()), head)

    def test_only_a_ledger(self):
        with tempfile.TemporaryDirectory() as place:
            for path in (place, pathlib.Path(place) / "missing"):
                result = recover(path)
                self.assertEqual((result.returncode, result.stdout), (3, ""))
                self.assertIn("holds no ledger", result.stderr)
                self.assertEqual(list(pathlib.Path(place).iterdir()), [])

    def test_flags_of_a_new_ledger(self):
        with Ledger(start=False) as ledger:
            for flag, value in (("--issuer", "https://id.example"), ("--origin", "x")):
                result = recover(ledger.data, flag, value)
                self.assertEqual((result.returncode, result.stdout), (2, ""))
                self.assertIn(flag, result.stderr)


if __name__ == "__main__":
    unittest.main()
