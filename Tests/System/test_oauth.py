"""The errors of the OAuth endpoints, told apart (RFC 6749 §5.2), and HTTP around them."""

import base64
import urllib.parse

from ledger import FORM, LedgerTest, basic
from load import raw

GRANT = "grant_type=client_credentials"


class TokenErrors(LedgerTest):
    @classmethod
    def prepare(cls):
        cls.client = cls.ledger.add_client("OAuth client")

    def ask(self, body, headers=None):
        headers = self.client.authorization if headers is None else headers
        return self.ledger.form("/connect/token", body, headers)

    def test_both_ways_to_authenticate(self):
        both = f"client_id={self.client.id}&client_secret={self.client.secret}"
        self.assertEqual(self.ask(GRANT).status, 200)
        self.assertEqual(self.ask(f"{GRANT}&{both}", {}).status, 200)
        self.assertEqual(self.ask(f"{GRANT}&client_id={self.client.id}").status, 200)

    def test_scheme_is_case_insensitive(self):
        header = self.client.authorization["Authorization"]
        self.assertEqual(self.ask(GRANT, {"Authorization": "bAsIc" + header[5:]}).status, 200)

    def test_basic_halves_are_form_decoded(self):
        escape = lambda text: "".join(f"%{byte:02x}" for byte in text.encode())
        pair = f"{escape(self.client.id)}:{escape(self.client.secret)}"
        header = "Basic " + base64.b64encode(pair.encode()).decode()
        self.assertEqual(self.ask(GRANT, {"Authorization": header}).status, 200)

    def test_missing_parameters(self):
        for body in ("", "grant_type=", "scope=coreapi"):
            with self.subTest(body):
                self.assertOAuthError(self.ask(body), "invalid_request")

    def test_duplicate_parameters(self):
        for extra in (GRANT, "scope=coreapi&scope=coreapi", "scope=&scope=coreapi", "x=1&x=2"):
            with self.subTest(extra):
                self.assertOAuthError(self.ask(f"{GRANT}&{extra}"), "invalid_request")

    def test_broken_forms(self):
        for extra in ("scope=%", "scope=%4", "scope=%zz", "scope=%ff"):
            with self.subTest(extra):
                self.assertOAuthError(self.ask(f"{GRANT}&{extra}"), "invalid_request")

    def test_more_parameters_than_anybody_needs(self):
        many = "&".join(f"p{number}=1" for number in range(70_000))
        self.assertOAuthError(self.ask(f"{GRANT}&{many}"), "invalid_request")

    def test_unknown_parameters_are_ignored(self):
        self.assertEqual(self.ask(f"{GRANT}&resource=x&scope=").status, 200)

    def test_two_methods_at_once(self):
        for extra in (f"client_secret={self.client.secret}",
                      f"client_id={self.client.id}&client_secret={self.client.secret}",
                      "client_id=somebody-else"):
            with self.subTest(extra):
                self.assertOAuthError(self.ask(f"{GRANT}&{extra}"), "invalid_request")

    def test_two_authorization_headers(self):
        header = f"Authorization: {self.client.authorization['Authorization']}"
        secret = f"client_id={self.client.id}&client_secret={self.client.secret}"
        for body in (GRANT, f"{GRANT}&{secret}"):
            with self.subTest(body):
                head = ["POST /connect/token HTTP/1.1", f"Content-Type: {FORM}", header, header]
                status, answer = raw(self.ledger, *head, body=body)
                self.assertIn(status, (400, 401), answer)

    def test_client_authentication_fails_the_same_for_every_reason(self):
        id, secret = self.client.id, self.client.secret
        wrong = secret[:-1] + ("a" if secret[-1] != "a" else "b")
        headers = {
            "wrong secret": basic(id, wrong),
            "unknown client": basic(id[:-4] + "zzzz", secret),
            "not even an id": basic("nobody", "nothing"),
            "empty secret": basic(id, ""),
            "empty id": basic("", secret),
            "another client's secret": basic(self.ledger.operator.id, secret),
            "no base64": "Basic !!!",
            "no colon": "Basic " + base64.b64encode(b"nocolon").decode(),
            "another scheme": "Bearer abc",
        }
        answers = {name: self.ask(GRANT, {"Authorization": text}) for name, text in headers.items()}
        form = lambda id, secret: urllib.parse.urlencode({"client_id": id, "client_secret": secret})
        answers["wrong secret in the form"] = self.ask(f"{GRANT}&{form(id, wrong)}", {})
        answers["unknown client in the form"] = self.ask(f"{GRANT}&{form('nobody', wrong)}", {})
        answers["nothing"] = self.ask(GRANT, {})
        first = answers["wrong secret"]
        self.assertRegex(first.headers["WWW-Authenticate"], '^Basic realm="[^"]+"')
        for name, answer in answers.items():
            with self.subTest(name):
                self.assertOAuthError(answer, "invalid_client", 401)
                self.assertEqual(answer.body, first.body)
                visible = lambda it: [field for field in it.headers.items()
                                      if field[0] not in ("Date", "X-Request-Id")]
                self.assertEqual(visible(answer), visible(first))

    def test_scope_is_narrowed(self):
        answer = self.ask(f"{GRANT}&scope=billing.read")
        self.assertEqual((answer.status, answer.json["scope"]), (200, "billing.read"))
        token = answer.json["access_token"]
        self.assertEqual(self.client.introspect(token)["scope"], "billing.read")

    def test_invalid_scope(self):
        for scope in ("other", "coreapi other", "coreapi  billing.read", " coreapi", "coreapi ",
                      "coreapi coreapi", "core\\api", 'core"api', "projects:read", "café"):
            with self.subTest(scope):
                body = f"{GRANT}&" + urllib.parse.urlencode({"scope": scope})
                self.assertOAuthError(self.ask(body), "invalid_scope")

    def test_unauthorized_client(self):
        native = self.ledger.add_client("Native client", application_type="native")
        self.assertOAuthError(native.ask(), "unauthorized_client")

    def test_unsupported_grant_type(self):
        for name in ("password", "authorization_code", "CLIENT_CREDENTIALS"):
            with self.subTest(name):
                self.assertOAuthError(self.ask(f"grant_type={name}"), "unsupported_grant_type")

    def test_wrong_content_type(self):
        for type in ("application/json", "text/plain", "multipart/form-data; boundary=x", "",
                     FORM + "x"):
            with self.subTest(type):
                headers = self.client.authorization | {"Content-Type": type}
                self.assertOAuthError(self.ask(GRANT, headers), "invalid_request")
        headers = self.client.authorization | {"Content-Type": FORM.upper() + " ; charset=UTF-8"}
        self.assertEqual(self.ask(GRANT, headers).status, 200)

    def test_refusals_leave_nothing_in_the_log(self):
        before = len(self.ledger.events())
        self.ask("")
        self.ask(f"{GRANT}&scope=other")
        self.ask(GRANT, {"Authorization": basic(self.client.id, "wrong")})
        self.assertEqual(len(self.ledger.events()), before)


class Methods(LedgerTest):
    POST_ONLY = ("/connect/token", "/connect/introspect", "/connect/revoke")
    GET_ONLY = ("/.well-known/oauth-authorization-server", "/.well-known/jwks.json", "/healthz",
                "/readyz", "/admin/clients", "/admin/charges", "/admin/events")

    def test_post_only(self):
        for path in self.POST_ONLY:
            for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
                with self.subTest(path, method=method):
                    answer = self.ledger.request(method, path)
                    self.assertEqual((answer.status, answer.headers["Allow"]), (405, "POST"))

    def test_get_only(self):
        for path in self.GET_ONLY:
            for method in ("POST", "PUT", "DELETE"):
                with self.subTest(path, method=method):
                    answer = self.ledger.request(method, path)
                    self.assertEqual((answer.status, answer.headers["Allow"]), (405, "GET, HEAD"))

    def test_head_is_get_without_a_body(self):
        for path in ("/.well-known/jwks.json", "/healthz", "/readyz"):
            with self.subTest(path):
                got = self.ledger.request("GET", path)
                head = self.ledger.request("HEAD", path)
                self.assertEqual((head.status, head.body), (200, b""))
                self.assertEqual(head.headers["Content-Length"], str(len(got.body)))

    def test_nothing_there(self):
        for path in ("/", "/connect", "/connect/token/", "/connect/Token", "/admin", "/admin/",
                     "/admin/nothing", "/admin/clients/a/b/c/d", "//connect/token"):
            with self.subTest(path):
                self.assertProblem(self.ledger.request("GET", path), 404)

    def test_endpoints_need_authentication(self):
        for path in ("/connect/introspect", "/connect/revoke"):
            with self.subTest(path):
                answer = self.ledger.form(path, {"token": "x"})
                self.assertOAuthError(answer, "invalid_client", 401)
                self.assertTrue(answer.headers["WWW-Authenticate"])
                answer = self.ledger.operator.post(path)
                self.assertOAuthError(answer, "invalid_request")

    def test_health(self):
        for path, status in (("/healthz", "alive"), ("/readyz", "ready")):
            answer = self.ledger.request("GET", path)
            self.assertEqual((answer.status, answer.json), (200, {"status": status}))
