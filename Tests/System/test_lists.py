"""Lists in pages, and the events of the log as they are stored."""

import csv
import io
import json
import socket
import urllib.parse

import api
from ledger import Client, Ledger, LedgerTest


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


def links(answer):
    """The paths of `Link`, below /admin, by their relations."""
    found = (link.split("; ") for link in (answer.headers["Link"] or "").split(", ") if link)
    return {relation[5:-1]: path.strip("<>").removeprefix("/admin") for path, relation in found}


class Columns(LedgerTest):
    """Narrowing and sorting by every column, and the forms of an answer."""

    @classmethod
    def prepare(cls):
        cls.shop = cls.ledger.create("/projects", {
            "account": cls.ledger.genesis["account"], "name": "Shop \u00c9"})["id"]
        for number in range(12):
            cls.ledger.add_client(
                f"{'Zebra' if number % 3 else 'zebra'} {number:02}",
                project=cls.shop if number % 2 else None, token_lifetime=100 * (number + 1),
                application_type="web" if number == 5 else "service",
                scope="coreapi" if number % 4 else "coreapi billing.read",
                client_uri="https://shop.example/a,\"b\"" if number == 7 else None)

    def listed(self, path, column=None, **query):
        items = self.ledger.get(path, **query)["items"]
        return [item.get(column) for item in items] if column else items

    def names(self, **query):
        """Of clients, as they were made unless another order is asked for."""
        return self.listed("/clients", "client_name", **{"sort": "created"} | query)

    def test_equality_is_exact_and_parts_are_not(self):
        self.assertEqual(self.names(client_name="zebra 03"), ["zebra 03"])
        self.assertEqual(self.names(client_name="Zebra 03"), [])
        self.assertEqual(len(self.names(**{"client_name.prefix": "ZEBRA 0"})), 10)
        self.assertEqual(self.names(q="bRa 1"), ["Zebra 10", "Zebra 11"])
        self.assertEqual(self.listed("/projects", "name", q="shop \u00e9"), ["Shop \u00c9"])
        self.assertEqual(self.names(scope="billing.read", application_type="service",
                                    **{"client_name.prefix": "z"}),
                         ["zebra 00", "Zebra 04", "Zebra 08"])
        self.assertEqual(self.names(application_type="web"), ["Zebra 05"])
        self.assertEqual(len(self.names(project=self.shop)), 6)
        self.assertEqual(len(self.listed(f"/projects/{self.shop}/clients")), 6)
        client = self.ledger.get("/clients", client_name="zebra 03")["items"][0]
        self.assertEqual(self.names(q=client["id"][-8:].upper()), ["zebra 03"])

    def test_letter_case_is_that_of_every_script(self):
        names = ["Straße 1", "STRASSE 1", "\u1e9e", "ΣΟΦΟΣ", "σοφος", "σοφοσ", "Éclair", "É"]
        for name in names:
            self.ledger.create("/projects", {
                "account": self.ledger.genesis["account"], "name": name})
        for part, expected in [
            ("strasse", names[:2]), ("STRAß", names[:2]), ("ss", names[2:3]),
            ("σοφος", names[3:6]), ("ΣΟΦΟΣ", names[3:6]), ("e\u0301", names[6:]),
        ]:
            with self.subTest(part):
                found = self.listed("/projects", "name", sort="created", **{"name.prefix": part})
                self.assertEqual(found, expected)
        self.assertEqual(self.listed("/projects", "name", sort="created", q="rasse"), names[:2])
        self.assertEqual(self.listed("/projects", "name", name="STRASSE 1"), names[1:2])

    def test_ranges_begin_at_the_first_and_end_before_the_second(self):
        found = self.names(**{"token_lifetime.from": 300, "token_lifetime.to": 500})
        self.assertEqual(found, ["Zebra 02", "zebra 03"])
        created = self.listed("/clients", "created", sort="created")
        between = {"sort": "created", "created.from": created[3], "created.to": created[6]}
        self.assertEqual(self.listed("/clients", "created", **between), created[3:6])

    def test_every_column_sorts_both_ways(self):
        for path, item in api.DOCUMENT["paths"].items():
            parameters = item.get("get", {}).get("parameters", [])
            sorts = [each for each in parameters if each.get("name") == "sort"]
            if "{" in path or path == "/admin/alerts" or not sorts:
                continue
            for name in sorts[0]["schema"]["enum"]:
                with self.subTest(path, sort=name):
                    ids = self.listed(path.removeprefix("/admin"), "id", sort=name)
                    opposite = name[1:] if name.startswith("-") else "-" + name
                    back = self.listed(path.removeprefix("/admin"), "id", sort=opposite)
                    self.assertEqual(ids, back[::-1])
                    self.assertTrue(ids)
        self.assertEqual(self.names(sort="-client_name")[:3], ["Zebra 11", "Zebra 10", "zebra 09"])
        lifetimes = self.listed("/clients", "token_lifetime", sort="token_lifetime")
        self.assertEqual(lifetimes, sorted(lifetimes))

    def test_the_description_names_what_is_taken(self):
        for each in api.ADMINISTRATION:
            if "sort" in each.names("query"):
                path = each.at(client=self.ledger.operator.id, project=self.shop)
                answer = self.ledger.admin("GET", path.removeprefix("/admin") + "?nothing=1")
                named = answer.json["errors"][0]["message"].rpartition("takes ")[2].split(", ")
                with self.subTest(each):
                    self.assertEqual(sorted(named), sorted(each.names("query")))

    def test_roles_are_listed_alike(self):
        for name in ("Night watch", "Watch of the day"):
            self.ledger.create("/roles", {"name": name, "permissions": ["clients:read"]})
        names = lambda **query: self.listed("/roles", "name", **query)
        built_in = ["auditor", "billing", "manager", "owner", "viewer"]
        self.assertEqual(names(), built_in + ["Night watch", "Watch of the day"])
        self.assertEqual(names(sort="-name", q="WATCH"), ["Watch of the day", "Night watch"])
        self.assertEqual(names(permissions="system:write"), ["owner"])
        self.assertEqual(names(sort="-created", per_page=1), ["Watch of the day"])
        first = self.ledger.admin("GET", "/roles?per_page=4")
        self.assertEqual(first.json["total"], 7)
        second = self.ledger.admin("GET", links(first)["next"])
        self.assertEqual([item["name"] for item in second.json["items"]],
                         ["viewer", "Night watch", "Watch of the day"])
        self.assertEqual(self.ledger.admin("GET", links(second)["prev"]).json["items"],
                         first.json["items"])
        answer = self.ledger.admin("GET", "/roles?name=owner", headers={"Accept": "text/csv"})
        row, = csv.DictReader(io.StringIO(answer.body.decode(), newline=""))
        self.assertEqual((row["id"], row["built_in"]), ("owner", "true"))

    def test_secrets_that_are_accepted(self):
        client = self.ledger.add_client("Has three secrets")
        path = f"/clients/{client.id}/secrets"
        for overlap in (0, 3600):
            self.ledger.create(path, {"overlap_seconds": overlap})
        secrets = self.listed(path, sort="created")
        self.assertEqual([each["active"] for each in secrets], [False, True, True])
        for active in (True, False):
            expected = [each["id"] for each in secrets if each["active"] is active]
            for where, query in ((path, {}), ("/secrets", {"client": client.id})):
                found = self.listed(
                    where, "id", sort="created", active=str(active).lower(), **query)
                self.assertEqual(found, expected)
        soon = secrets[1]["expires"]
        self.assertEqual(self.listed(path, "id", **{"expires.from": soon}), [secrets[1]["id"]])
        self.assertProblem(self.ledger.admin("GET", "/secrets?active=maybe"), 400, ["active"])

    def test_what_cannot_be_asked(self):
        for query, field in [
            ("sort=scope", "sort"), ("sort=nothing", "sort"), ("mode=slow", "mode"),
            ("project=cli_1", "project"), ("created.from=yesterday", "created.from"),
            ("token_lifetime=x", "token_lifetime"), ("after=x", "after"), ("before=!", "before"),
            ("page=1&after=AAAA", "after"), ("per_page=all&page=2", "page"),
            ("as_of=99999999", "as_of"), ("scope.from=a", "scope.from"),
        ]:
            with self.subTest(query):
                self.assertProblem(self.ledger.admin("GET", f"/clients?{query}"), 400, [field])

    def test_other_forms(self):
        query = "/clients?sort=-client_name&client_name.prefix=z"
        items = self.ledger.admin("GET", query).json["items"]
        answer = self.ledger.admin("GET", query, headers={"Accept": "application/x-ndjson"})
        self.assertEqual([json.loads(line) for line in answer.body.splitlines()], items)
        answer = self.ledger.admin("GET", query, headers={"Accept": "text/csv"})
        self.assertTrue(answer.body.endswith(b"\r\n"))
        rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
        self.assertEqual([row["client_name"] for row in rows],
                         [item["client_name"] for item in items])
        self.assertEqual([row["client_uri"] for row in rows if row["client_uri"]],
                         ['https://shop.example/a,"b"'])
        self.assertEqual(answer.headers["Ledger-Position"], str(len(self.ledger.events()) - 1))

    def test_csv_holds_every_member(self):
        self.ledger.add_client("Has a token").token()
        for path in ("accounts", "charges", "clients", "plans", "secrets", "tokens"):
            with self.subTest(path):
                items = self.ledger.get(f"/{path}")["items"]
                answer = self.ledger.admin("GET", f"/{path}", headers={"Accept": "text/csv"})
                [*rows] = csv.DictReader(io.StringIO(answer.body.decode(), newline=""))
                self.assertEqual(len(rows), len(items))
                self.assertLessEqual({name for item in items for name in item}, rows[0].keys())

    def test_a_client_shows_its_last_token(self):
        client = self.ledger.add_client("Gets tokens")
        path = f"/clients?client_name={urllib.parse.quote('Gets tokens')}"
        self.assertNotIn("last_token", self.ledger.admin("GET", path).json["items"][0])
        before = len(self.ledger.events()) - 1
        for _ in range(3):
            client.token()
        event = json.loads(self.ledger.events(type="token.issued")[-1])
        last = {"id": event["subject"], "issued": event["recorded"], "position": event["position"]}
        self.assertEqual(self.ledger.admin("GET", path).json["items"][0]["last_token"], last)
        self.assertEqual(self.ledger.get(f"/clients/{client.id}")["last_token"], last)
        self.assertNotIn("last_token", self.ledger.get(f"/clients/{client.id}", as_of=before))


class Whole(LedgerTest):
    def test_a_whole_list_is_what_its_pages_are(self):
        for number in range(60):
            self.ledger.add_client(f"One of many {number:02}")
        query = "/clients?sort=-client_name&q=one"
        pages, path = [], query + "&per_page=7"
        while path:
            answer = self.ledger.admin("GET", path)
            pages += answer.json["items"]
            path = links(answer).get("next")
        self.assertEqual(len(pages), 60)
        whole = self.ledger.admin("GET", query + "&per_page=all")
        self.assertEqual(whole.json, {"items": pages, "total": 60})
        self.assertEqual(whole.headers["Ledger-Position"], answer.headers["Ledger-Position"])
        lines = self.ledger.admin(
            "GET", query + "&per_page=all", headers={"Accept": "application/x-ndjson"})
        self.assertEqual([json.loads(line) for line in lines.body.splitlines()], pages)
        table = self.ledger.admin("GET", query + "&per_page=all", headers={"Accept": "text/csv"})
        rows = csv.DictReader(io.StringIO(table.body.decode(), newline=""))
        self.assertEqual([row["id"] for row in rows], [item["id"] for item in pages])
        none = "/clients?q=nobody&per_page=all"
        self.assertEqual(self.ledger.admin("GET", none).json, {"items": [], "total": 0})
        self.assertEqual(self.ledger.admin(
            "GET", none, headers={"Accept": "application/x-ndjson"}).body, b"")


class LastTokens(LedgerTest):
    """Lists by when a client got its last token."""

    @classmethod
    def prepare(cls):
        cls.clients = [cls.ledger.add_client(f"Client {number}") for number in range(6)]
        for number in (3, 0, 5, 3, 1):
            cls.clients[number].token()
        cls.moment = len(cls.ledger.events()) - 1
        cls.clients[0].token()

    def names(self, path="/clients", **query):
        items = self.ledger.get(path, q="client ", **query)["items"]
        return [int(item["client_name"][7:]) for item in items]

    def test_sorted_both_ways(self):
        self.assertEqual(self.names(sort="token_created_at"), [2, 4, 5, 3, 1, 0])
        self.assertEqual(self.names(sort="-token_created_at"), [0, 1, 3, 5, 4, 2])
        self.assertEqual(self.names(sort="-token_created_at", per_page="all"), [0, 1, 3, 5, 4, 2])
        self.assertEqual(self.names(sort="token_created_at", as_of=self.moment), [2, 4, 0, 5, 3, 1])
        project = self.ledger.genesis["project"]
        self.assertEqual(
            self.names(f"/projects/{project}/clients", sort="-token_created_at", per_page=2), [0, 1])

    def test_pages_follow_each_other(self):
        for sort, expected in (("token_created_at", [2, 4, 5, 3, 1, 0]),
                               ("-token_created_at", [0, 1, 3, 5, 4, 2])):
            path, relation = f"/clients?q=client%20&sort={sort}&per_page=2", "next"
            seen = []
            while path:
                answer = self.ledger.admin("GET", path)
                seen += [int(item["client_name"][7:]) for item in answer.json["items"]]
                path = links(answer).get("next")
            self.assertEqual((seen, answer.json["total"]), (expected, 6))
            before = self.ledger.admin("GET", links(answer)["prev"])
            self.assertEqual([int(item["client_name"][7:]) for item in before.json["items"]],
                             expected[2:4])

    def test_ranges(self):
        issued = {int(item["client_name"][7:]): item["last_token"]["issued"]
                  for item in self.ledger.get("/clients", q="client ")["items"]
                  if "last_token" in item}
        column = "token_created_at"
        self.assertEqual(self.names(**{column + ".from": issued[3]}), [0, 1, 3])
        self.assertEqual(self.names(**{column + ".to": issued[3]}), [5])
        self.assertEqual(self.names(**{column: issued[1]}), [1])
        self.assertEqual(self.names(**{
            column + ".from": issued[5], column + ".to": issued[1], "sort": "-client_name"}), [5, 3])
        self.assertProblem(
            self.ledger.admin("GET", f"/clients?{column}.from=noon"), 400, [column + ".from"])


class Crowds(LedgerTest):
    def test_more_reads_than_may_wait_get_503(self):
        """16 of one client may wait, and 64 in all: eight clients ask."""
        callers = [self.ledger.add_client(f"Caller {number}") for number in range(8)]
        for number in range(40):
            self.ledger.add_client(f"Client {number}")
        for each in callers:
            self.ledger.grant(each.id, "viewer")
        requests = [
            (f"GET /admin/clients?per_page=1000 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "
             f"{each.token()}\r\nConnection: close\r\n\r\n").encode() for each in callers]
        sockets = [socket.create_connection(("127.0.0.1", self.ledger.port)) for _ in range(240)]
        for number, each in enumerate(sockets):
            each.sendall(requests[number % 8])
        answers = [each.makefile("rb").read() for each in sockets]
        for each in sockets:
            each.close()
        statuses = [answer.split()[1] for answer in answers]
        self.assertEqual(set(statuses), {b"200", b"503"})
        self.assertGreaterEqual(statuses.count(b"200"), 64)
        refused = answers[statuses.index(b"503")]
        self.assertIn(b"retry-after: 1\r\n", refused.lower())
        self.assertEqual(self.ledger.get("/clients")["total"], 49)


class Changing(LedgerTest):
    """Lists while things are made, and as they were."""

    def setUp(self):
        self.ledger.close()
        type(self).ledger = Ledger()
        self.made = [self.ledger.add_client(f"Client {number:02}") for number in range(9)]

    def follow(self, path, relation):
        """The names on all pages from a path on."""
        pages = []
        while path:
            answer = self.ledger.admin("GET", path)
            self.assertEqual(answer.status, 200, answer)
            pages.append([item["client_name"] for item in answer.json["items"]])
            path = links(answer).get(relation)
            yield answer, pages[-1]

    def test_pages_neither_repeat_nor_leave_out_while_clients_come(self):
        seen = []
        for answer, names in self.follow("/clients?sort=-client_name&per_page=2", "next"):
            seen += names
            self.ledger.add_client(f"Client {50 + len(seen)}")
            self.last = answer
        expected = [f"Client {number:02}" for number in range(8, -1, -1)]
        self.assertEqual(seen, ["Ledger operator"] + expected)
        everything = [item["client_name"] for item in self.ledger.get(
            "/clients", sort="-client_name", per_page="all")["items"]]
        back = [names for _, names in self.follow(links(self.last)["prev"], "prev")]
        behind = everything.index(self.last.json["items"][0]["client_name"])
        self.assertEqual([name for names in back[::-1] for name in names], everything[:behind])

    def test_as_of_a_position_and_a_time(self):
        lists = {}
        for number in range(4):
            self.ledger.add_client(f"Later {number}")
            self.ledger.create(f"/clients/{self.made[number].id}/secrets", {})
            last = json.loads(self.ledger.events()[-1])
            lists[last["position"]] = (last["recorded"], self.everything())
        self.ledger.stop()
        self.ledger.start()
        self.ledger.bearer = None
        for position, (recorded, expected) in lists.items():
            for moment in (position, recorded):
                with self.subTest(moment):
                    found = self.everything(as_of=moment)
                    self.assertEqual(found, expected)
        first = self.ledger.admin("GET", f"/clients?as_of={max(lists)}&q=later&per_page=1")
        self.assertEqual((first.json["total"], first.headers["Ledger-Position"]),
                         (4, str(max(lists))))
        middle = json.loads(self.ledger.events(type="client.added")[-1])["position"]
        self.assertEqual(self.ledger.get("/clients", as_of=middle, q="later")["total"], 3)

    def everything(self, **query):
        """What is listed, without the facts that need not be of that moment."""
        return [
            [{key: value for key, value in item.items() if key not in (
                "last_token", "tokens_issued", "last_used")} for item in self.ledger.get(
                    path, per_page="all", sort=sort, **query)["items"]]
            for path, sort in [
                ("/clients", "-client_name"), ("/secrets", "-expires"), ("/charges", "-recorded"),
                ("/projects", "name"), ("/accounts", "id"), ("/plans", "id")]]


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

    def test_rows_of_csv(self):
        def rows(**query):
            answer = self.ledger.admin(
                "GET", "/events?" + urllib.parse.urlencode(query), headers={"Accept": "text/csv"})
            self.assertEqual(
                answer.headers["Content-Type"], "text/csv; charset=utf-8; header=present")
            return list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))

        events = [json.loads(line) for line in self.ledger.events()]
        found = rows()
        self.assertEqual(len(found), len(events))
        for row, event in zip(found, events):
            self.assertEqual(json.loads(row["data"]), event["data"])
            self.assertEqual(row["position"], str(event["position"]))
            for name in ["recorded", "type", "subject", "reason"]:
                self.assertEqual(row[name], event.get(name, ""))
            self.assertEqual(row["actor"], event["actor"]["id"])
            self.assertEqual(row["address"], event["actor"].get("address", ""))
            self.assertEqual(row["token"], str(event["actor"].get("token", "")))
        self.assertEqual(len(rows(type="token.issued", limit=3)), 3)
        self.assertEqual(rows(type="no.such"), [])

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

    def test_time_actor_reason_and_beginning_of_type(self):
        everything = [json.loads(line) for line in self.ledger.events()]
        project = self.ledger.genesis["project"]
        self.ledger.admin("PATCH", f"/projects/{project}", {
            "name": "Renamed", "reason": 'The "Q" Shop'}, headers={"If-Match": "*"})
        edited = json.loads(self.ledger.events()[-1])
        middle = everything[len(everything) // 2]["recorded"]
        for query, fits in [
            ({"actor": self.client.id}, lambda event: event["actor"]["id"] == self.client.id),
            ({"type.prefix": "client"}, lambda event: event["type"].startswith("client")),
            ({"type.prefix": "c", "subject": self.client.id},
             lambda event: event["subject"] == self.client.id),
            ({"from": middle}, lambda event: event["recorded"] >= middle),
            ({"to": middle}, lambda event: event["recorded"] < middle),
            ({"from": middle, "to": middle}, lambda event: False),
            ({"reason": '"q" SHOP'}, lambda event: event == edited),
        ]:
            with self.subTest(query):
                expected = [event for event in everything + [edited] if fits(event)]
                self.assertEqual([event for event in self.ledger.get(
                    "/events", limit=1000, **query)["items"] if event in expected], expected)
                lines = map(json.loads, self.ledger.events(**query))
                self.assertTrue(all(map(fits, lines)))

    def test_pages_follow_next(self):
        positions, after = [], {}
        while after is not None:
            page = self.ledger.get("/events", limit=10, **after)
            positions += [event["position"] for event in page["items"]]
            after = {"after": page["next"]} if "next" in page else None
        self.assertEqual(positions, list(range(len(self.ledger.events()))))


class Crowd(LedgerTest):
    def test_one_client_does_not_keep_the_others_out(self):
        ledger = self.ledger
        client = ledger.add_client("Crowd of readers")
        ledger.grant(client.id, "auditor", project=ledger.genesis["project"])
        for _ in range(200):
            ledger.create(f"/clients/{client.id}/secrets", {"overlap_seconds": 0})
        secret = ledger.create(f"/clients/{client.id}/secrets", {})["client_secret"]
        token = Client(ledger, client.id, secret).token()
        crowd = [ledger.connection() for _ in range(100)]
        for connection in crowd:
            self.addCleanup(connection.close)
            connection.request("GET", f"/admin/clients/{client.id}/history?limit=1000",
                               headers={"Authorization": f"Bearer {token}"})
        self.assertEqual(ledger.admin("GET", "/clients").status, 200)
        statuses = [connection.getresponse().status for connection in crowd]
        self.assertEqual(set(statuses), {200, 503})
        self.assertLess(statuses.count(200), 50)
