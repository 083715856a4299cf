"""Lists in pages, and the events of the log as they are stored."""

import json

from ledger import LedgerTest


class Lists(LedgerTest):
    @classmethod
    def prepare(cls):
        for number in range(7):
            cls.ledger.add_client(f"Client {number}")

    def test_pages_and_their_links(self):
        names, path, pages = [], "/clients?per_page=3", 0
        while path:
            answer = self.ledger.admin("GET", path)
            self.assertEqual((answer.status, answer.json["total"]), (200, 8))
            names += [item["client_name"] for item in answer.json["items"]]
            links = dict(link.split("; ")[::-1] for link in answer.headers["Link"].split(", "))
            self.assertEqual('rel="prev"' in links, pages > 0)
            path = links.get('rel="next"', "").strip("<>").removeprefix("/admin")
            pages += 1
        expected = ["Ledger operator"] + [f"Client {number}" for number in range(7)]
        self.assertEqual((sorted(names), pages), (sorted(expected), 3))
        everything = self.ledger.admin("GET", "/clients?per_page=all")
        self.assertEqual([item["client_name"] for item in everything.json["items"]], names)
        self.assertEqual(everything.headers["Link"], None)
        beyond = self.ledger.get("/clients", page=99)
        self.assertEqual((beyond["items"], beyond["total"]), ([], 8))

    def test_links_keep_the_filter(self):
        account = self.ledger.genesis["account"]
        answer = self.ledger.admin("GET", f"/charges?account={account}&per_page=2")
        self.assertIn(f"account={account}", answer.headers["Link"])

    def test_parameters_that_cannot_be_taken(self):
        for query, field in [
            ("page=0", "page"), ("page=x", "page"), ("per_page=0", "per_page"),
            ("per_page=1001", "per_page"), ("sideways=1", "sideways"),
        ]:
            with self.subTest(query):
                self.assertProblem(self.ledger.admin("GET", f"/clients?{query}"), 400, [field])
        for query, field in [
            ("limit=0", "limit"), ("limit=1001", "limit"), ("after=-1", "after"),
            ("subject=x", "subject"), ('type=%22', "type"),
        ]:
            with self.subTest(query):
                self.assertProblem(self.ledger.admin("GET", f"/events?{query}"), 400, [field])


class Events(LedgerTest):
    @classmethod
    def prepare(cls):
        cls.client = cls.ledger.add_client("Événement \U0001F600", app_name="Tab and \"quotes\"")
        for _ in range(30):
            cls.client.token()

    def test_lines_are_the_stored_bytes(self):
        lines = self.ledger.events()
        for position, line in enumerate(lines):
            event = json.loads(line)
            canonical = json.dumps(event, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
            self.assertEqual(line, canonical.encode())
            self.assertEqual(event["position"], position)
            self.assertIn(event["revision"], (1, 2))
        for line in lines[:12]:
            position = json.loads(line)["position"]
            self.assertEqual(self.ledger.admin("GET", f"/events/{position}").body, line)
        stored = (self.ledger.data / "journal/data.mdb").read_bytes()
        self.assertTrue(all(line in stored for line in lines))
        times = [json.loads(line)["recorded"] for line in lines]
        self.assertEqual(times, sorted(times))

    def test_filters(self):
        everything = [json.loads(line) for line in self.ledger.events()]
        tokens = [event for event in everything if event["type"] == "token.issued"]
        subject = tokens[3]["subject"]
        for query, expected in [
            ({"after": 4}, everything[5:]),
            ({"after": len(everything) - 1}, []),
            ({"after": 10**9}, []),
            ({"limit": 2}, everything[:2]),
            ({"type": "token.issued"}, tokens),
            ({"type": "token.issued", "limit": 3}, tokens[:3]),
            ({"type": "token.issued", "after": tokens[4]["position"], "limit": 2}, tokens[5:7]),
            ({"type": "issued"}, []),
            ({"type": "no.such"}, []),
            ({"subject": subject}, [tokens[3]]),
            ({"subject": subject, "type": "client.added"}, []),
            ({"subject": self.client.id}, [
                event for event in everything if event["subject"] == self.client.id]),
        ]:
            with self.subTest(query):
                page = self.ledger.get("/events", **({"limit": 1000} | query))
                self.assertEqual(page["items"], expected)
                lines = self.ledger.events(**query)
                self.assertEqual([json.loads(line) for line in lines], expected)

    def test_pages_follow_next(self):
        positions, after = [], {}
        while after is not None:
            page = self.ledger.get("/events", limit=10, **after)
            positions += [event["position"] for event in page["items"]]
            after = {"after": page["next"]} if "next" in page else None
        self.assertEqual(positions, list(range(len(self.ledger.events()))))
