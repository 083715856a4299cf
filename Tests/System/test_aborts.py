"""Clients that go away while their commit is pending harm nobody, and leave nothing open."""

import itertools
import json
import random
import socket
import threading

from conversation import replies, rest
from ledger import LedgerTest, claims, until
from load import Load, Wire, Worker, connect, missing_tokens, reset, token_request

ABORTS = 500


class Aborts(LedgerTest):
    @classmethod
    def prepare(cls):
        cls.clients = [cls.ledger.add_client(f"Client {number}") for number in range(20)]
        cls.requests = [token_request(client.id, client.secret) for client in cls.clients]
        cls.base = cls.ledger.descriptors()

    def tearDown(self):
        until(lambda: self.ledger.descriptors() <= self.base, "all connections closed")

    def issued(self):
        """Tokens in the log; the last is asked for here, behind all that are pending."""
        self.clients[0].token()
        return sum(b'"type":"token.issued"' in line for line in self.ledger.events())

    def abort(self, endings):
        """Sends requests and leaves without an answer, again and again."""
        for number in range(ABORTS):
            connection = connect(self.ledger.port)
            connection.sendall(self.requests[number % len(self.requests)])
            next(endings)(connection)

    def survive(self, *endings):
        """The others get answers, their own alone, while many leave; all is closed afterwards."""
        issued = self.issued()
        load = Load(self.ledger, self.clients[:8])
        load.wait_for(50)
        self.abort(itertools.cycle(endings))
        load.wait_for(50)
        load.stop()
        self.assertEqual(load.refusals, [])
        until(lambda: self.ledger.descriptors() <= self.base, "all connections closed")
        self.assertEqual(missing_tokens(self.ledger, load.tokens), [])
        abandoned = self.issued() - 1 - issued - len(load.tokens)
        self.assertIn(abandoned, range(1, ABORTS + 1))
        self.ledger.check()

    def test_resets(self):
        self.survive(reset)

    def test_closings(self):
        self.survive(socket.socket.close)

    def test_half_closings_that_become_resets(self):
        self.survive(lambda connection: (connection.shutdown(socket.SHUT_WR), reset(connection)))

    def test_all_at_once(self):
        """The slots of those who left are taken anew before their commits are done."""
        for _ in range(5):
            connections = [connect(self.ledger.port) for _ in range(100)]
            for number, connection in enumerate(connections):
                connection.sendall(self.requests[number % len(self.requests)])
            for connection in connections:
                reset(connection)
            for client, request in zip(self.clients, self.requests):
                wire = Wire(self.ledger.port)
                self.assertOwn(client, *wire.exchange(request))
                wire.close()

    def assertOwn(self, client, status, body):
        self.assertEqual(status, 200, body)
        self.assertEqual(claims(json.loads(body)["access_token"])["client_id"], client.id)

    def test_answers_reach_their_own_client(self):
        """On many connections, of which some break at random."""
        chance = random.Random(1)
        stop = threading.Event()
        faults = []

        def ask(client, request):
            wire = Wire(self.ledger.port)
            for _ in range(40):
                try:
                    self.assertOwn(client, *wire.exchange(request))
                except (AssertionError, OSError) as error:
                    faults.append(error)
            wire.close()

        def leave():
            while not stop.is_set():
                connection = connect(self.ledger.port)
                request = chance.choice(self.requests)
                connection.sendall(request[:chance.randrange(len(request) * 2)])
                chance.choice((reset, socket.socket.close))(connection)

        leaving = Worker(leave)
        self.addCleanup(stop.set)
        for worker in [Worker(ask, *pair) for pair in zip(self.clients, self.requests)]:
            worker.wait(60)
        stop.set()
        leaving.wait(20)
        self.assertEqual(faults, [])

    def test_a_client_that_has_finished_sending(self):
        for client, request in zip(self.clients, self.requests):
            connection = connect(self.ledger.port)
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            (reply,) = replies(rest(connection))
            self.assertOwn(client, reply.status, reply.body)

    def test_requests_sent_ahead_by_a_client_that_has_finished_sending(self):
        """All are answered, in their order."""
        connection = connect(self.ledger.port)
        connection.sendall(b"".join(self.requests))
        connection.shutdown(socket.SHUT_WR)
        found = replies(rest(connection))
        self.assertEqual(len(found), len(self.requests))
        for client, reply in zip(self.clients, found):
            self.assertOwn(client, reply.status, reply.body)
