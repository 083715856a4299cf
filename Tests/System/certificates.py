"""Certificate authorities, and servers with certificates of theirs."""

import datetime
import ipaddress
import json
import pathlib
import ssl
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from conversation import ALIVE, replies
from ledger import Ledger, LedgerTest
from load import connect


def name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


class Authority:
    """An authority whose certificate is at `file`, and which writes those it issues beside it."""

    def __init__(self, folder, title="authority"):
        self.folder = pathlib.Path(folder)
        self.name = name(title)
        self.key = ec.generate_private_key(ec.SECP256R1())
        constraint = x509.BasicConstraints(ca=True, path_length=0)
        self.certificate = self.sign(self.name, self.key.public_key(), constraint)
        self.file = self.folder / f"{title}.pem"
        self.file.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def sign(self, subject, key, *extensions):
        now = datetime.datetime.utcnow()
        builder = x509.CertificateBuilder(
            issuer_name=self.name, subject_name=subject, public_key=key,
            serial_number=x509.random_serial_number(),
            not_valid_before=now - datetime.timedelta(hours=1),
            not_valid_after=now + datetime.timedelta(hours=1))
        for extension in extensions:
            builder = builder.add_extension(extension, critical=True)
        return builder.sign(self.key, hashes.SHA256())

    def issue(self, title):
        """The files of a certificate for 127.0.0.1 and of its key, replaced if they exist."""
        key = ec.generate_private_key(ec.SECP256R1())
        address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
        certificate = self.sign(
            name(title), key.public_key(), x509.SubjectAlternativeName([address]))
        files = [self.folder / f"{title}.crt", self.folder / f"{title}.key"]
        files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        files[1].write_bytes(key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        return files

    def context(self, version=None, shown=None):
        """What a client of this authority needs to speak one version, or any, and what it shows."""
        context = ssl.create_default_context(cafile=self.file)
        if version:
            context.minimum_version = context.maximum_version = version
        if shown:
            context.load_cert_chain(*shown)
        return context


class TLSTest(LedgerTest):
    """Tests of a server with a certificate of an authority of theirs."""

    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory(prefix="tallystick-tls-")
        cls.addClassCleanup(place.cleanup)
        cls.authority = Authority(place.name)
        cls.stranger = Authority(place.name, "stranger")
        cls.files = cls.authority.issue("server")
        cls.ledger = Ledger(
            serve=["--tls-certificate", cls.files[0], "--tls-key", cls.files[1], *cls.flags()],
            listen=cls.listen(place.name), tls=cls.authority.context())
        cls.addClassCleanup(cls.ledger.close)
        cls.prepare()

    @classmethod
    def flags(cls):
        """Further flags of the server."""
        return []

    @classmethod
    def listen(cls, place):
        return "127.0.0.1:0"

    @classmethod
    def open(cls, context=None, session=None):
        """A connection that has shaken hands."""
        return (context or cls.authority.context()).wrap_socket(
            connect(cls.ledger.port), server_hostname="127.0.0.1", session=session)

    def assertAlive(self, connection):
        connection.sendall(ALIVE)
        received = b""
        while b'{"status":"alive"}' not in received:
            part = connection.recv(65_536)
            self.assertTrue(part, received)
            received += part
        (reply,) = replies(received)
        self.assertEqual(reply.status, 200)

    def log_lines(self, words):
        lines = [json.loads(line) for line in self.ledger.log().splitlines()]
        return [line for line in lines if words in line["message"]]
