"""Twelve institutions, each broken in one way, made of the sandbox's good one."""

import hashlib
import threading
import time
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import jwt

from adapters.sandbox import words
from adapters.sandbox.calls import Caller, Unreachable
from adapters.sandbox.door import Answer, Server
from adapters.sandbox.institution import Identity, Institution
from adapters.sandbox.life import Pace
from adapters.sandbox.options import SCHEMA
from adapters.sandbox.problems import Refused
from adapters.sandbox.reader import HubCertificates, Reader, find_signature, parse, read_signature
from adapters.sandbox.rest import RestDoor, carry_over_rest
from adapters.sandbox.seal import OwnKey, b64, canonical
from tests.conformance.places import PACE
from tests.fixtures.sandbox import HUB_RUC, RUCS

PACES = Pace(register_after=0.05, process_after=0.05, answer_after=-1, retry_first=0.1)


class NoSignatureCheck(Reader):
    """Reads what a message says without looking whether its signature holds."""

    def read(self, data):
        root = parse(data)
        signature = find_signature(root)
        _, digest, _, _ = read_signature(signature)
        self._check_schema(root)
        root.remove(signature)
        return root, digest, next(iter(self.hub.by_der.values()))


class NoValueCheck(Reader):
    """Compares the digest, but not the signature's value: who knows the hub's certificate signs for it."""

    def read(self, data):
        root = parse(data)
        signature = find_signature(root)
        _, digest, _, der = read_signature(signature)
        self._check_schema(root)
        if der not in self.hub.keys:
            raise Refused("FIRMANTE_DESCONOCIDO")
        root.remove(signature)
        if b64(hashlib.sha256(canonical(root)).digest()) != digest:
            raise Refused("FIRMA_INVALIDA")
        return root, digest, self.hub.by_der[der]


class AnyToken(HubCertificates):
    """Reads what a credential says without looking who signed it."""

    def check_token(self, token, own_ruc):
        if not token:
            raise Refused("CREDENCIAL_AUSENTE")
        try:
            return jwt.decode(token, audience=own_ruc, options={"verify_signature": False, "verify_aud": True})
        except jwt.PyJWTError as error:
            raise Refused("CREDENCIAL_INVALIDA") from error


class AnybodysToken(HubCertificates):
    """Takes a credential of the hub for another institution."""

    def check_token(self, token, own_ruc):
        with suppress(jwt.PyJWTError):  # the good one says what is wrong with it
            own_ruc = jwt.decode(token, options={"verify_signature": False})["aud"]
        return super().check_token(token, own_ruc)


class AnySigner(HubCertificates):
    """Takes the certificate that comes with a message, whoever's it is, for the hub's."""

    def __init__(self, pems, ruc):
        super().__init__(pems, ruc)
        known = self

        class Anyone(dict):
            def __contains__(self, der):
                return True

            def __missing__(self, der):
                from cryptography import x509

                known.by_der[der] = x509.load_der_x509_certificate(der)
                return known.by_der[der].public_key()

        self.keys = Anyone(self.keys)


class AnyDigest(Caller):
    """Keeps whatever comes, however it was announced."""

    def download(self, url, authorise, size, sha256, to):
        with self.exchange("GET", url, {"Authorization": f"Bearer {authorise()}"}) as response:
            if response.status != 200:
                raise Unreachable(str(response.status))
            to.write_bytes(response.read())


class ConfirmsFirst(Institution):
    """Gives its Acuse out of its memory, and stores the Sobre a while later."""

    def _known(self, sobre, digest):
        given = self.__dict__.setdefault("given", {})
        if sobre.message_id in given and given[sobre.message_id][0] != digest:
            raise Refused("MENSAJE_CON_OTRO_CONTENIDO", sobre.cuo, sobre.message_id)
        return {"acuse": given[sobre.message_id][1]} if sobre.message_id in given else super()._known(sobre, digest)

    def _take(self, sobre, digest, data):
        self._check_size(sobre)
        self.fetch(sobre)
        later = threading.Timer(1.0, super()._take, (sobre, digest, data))
        later.daemon = True
        later.start()
        acuse = self.own.seal(words.acuse(sobre, digest, words.now()))
        self.given[sobre.message_id] = digest, acuse
        return acuse


class Writes(OwnKey):
    """Signs what it should not: `change` takes (kind, root) before it is signed."""

    def __init__(self, key, certificate, change):
        super().__init__(key, certificate)
        self.change = change

    def seal(self, root):
        self.change(words.name(root), root)
        return super().seal(root)


def drops_the_cuo(kind, root):
    if kind == "Cargo":
        root.find(f".//{words.NS}Cuo").text = "0000000000"


def drops_the_number(kind, root):
    for found in root.findall(f".//{words.NS}NumeroRegistro"):
        found.getparent().remove(found)


def says_another_word(kind, root):
    for found in root.findall(f".//{words.NS}Movimiento"):
        found.text = "recibido"


class WrongKey(OwnKey):
    """Signs its cargos with the key of another."""

    def __init__(self, own, other):
        super().__init__(*own)
        self.other = OwnKey(*other)

    def seal(self, root):
        return self.other.seal(root) if words.name(root) == "Cargo" else super().seal(root)


class Hangs(RestDoor):
    def contract(self, method, path, body):
        time.sleep(30)
        return Answer(500, b"", "text/plain")


class ClosesHalfWay(RestDoor):
    def send(self, answer):
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body) + 1))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2])
        self.close_connection = True


BROKEN = {
    "no signature check": ("C-05", {"reader": NoSignatureCheck}),
    "accepts another entity's signature": ("C-07", {"certificates": AnySigner}),
    "answers a duplicate differently": ("C-09", {"controls": {"deduplicate": False}}),
    "confirms before storing": ("C-11", {"institution": ConfirmsFirst}),
    "ignores a digest": ("C-13", {"caller": AnyDigest}),
    "drops the CUO": ("C-25", {"change": drops_the_cuo}),
    "cargo without registry number": ("C-26", {"change": drops_the_number}),
    "cargo signed by the wrong key": ("C-24", {"signs_as": "oefa"}),
    "status out of the list": ("C-28", {"change": says_another_word}),
    "hangs": ("C-01", {"door": Hangs}),
    "closes half-way": ("C-02", {"door": ClosesHalfWay}),
    "accepts anything larger than it declares": ("C-17", {"max_bytes": 0}),
}
"""Each with the case that names it."""
CARELESS = {
    "no look at the signature's value": ("C-05", {"reader": NoValueCheck}),
    "no look at who signed a credential": ("C-20", {"certificates": AnyToken}),
    "no look at whom a credential is for": ("C-20", {"certificates": AnybodysToken}),
}
"""More of them, that do most of it well."""


def make(
    keys, hub_url, folder, *, reader=Reader, certificates=HubCertificates, institution=Institution, caller=Caller,
    change=None, controls=None, signs_as="", max_bytes=PACE["max_bytes"], door=RestDoor,
):  # fmt: skip
    """(the institution, its door) of one that is broken in that way."""
    own = [path.read_bytes() for path in keys.of("igp")]
    pems = [(keys.folder / "hub" / f"{one}.crt.pem").read_bytes() for one in ("envelope", "token")]
    key = Writes(*own, change) if change else OwnKey(*own)
    if signs_as:
        key = WrongKey(own, [path.read_bytes() for path in keys.of(signs_as)])
    who = Identity("igp", RUCS["igp"], hub_url, HUB_RUC, 20_000_000, max_bytes)
    made = institution(who, key, certificates(pems, HUB_RUC), str(SCHEMA), folder, PACES)
    made.reader, made.caller = reader(str(SCHEMA), made.hub), caller()
    made.controls.set(controls or {})
    return made, door


@contextmanager
def serving(made, door):
    """The address where it answers, until the end."""
    server = Server(0, door, made)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    made.start(lambda message: carry_over_rest(made, message))
    try:
        yield SimpleNamespace(url=f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        made.stop()


