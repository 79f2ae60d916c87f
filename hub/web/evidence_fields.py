"""The questions of the pages about evidence bundles, and how a certificate is recognised by eye."""

from hub.web.forms import Field, Form
from hub.web.sentences import say
from hub.wire.trusted import leaf_of


def ask_bundle() -> Form:
    return Form((
        Field("tracking_key", say("Clave de seguimiento"), say("8 letras y números, como K7QM 4RD2"), width="10",
              max_length=20, autocomplete="off"),
    ))


def check_bundle() -> Form:
    return Form((
        Field("file", say("Expediente"), say("El archivo .asice que se descargó"), accept=".asice"),
        Field("roots", say("Raíces del libro que ya conocías"),
              say("Pégalas aquí si las guardaste antes: muestran si al libro le cambiaron o le cortaron algo"),
              is_optional=True),
    ))


def fingerprint(pem: bytes) -> str:
    """SHA-256 of a certificate, in pairs as other programs show it; empty for none."""
    return leaf_of(pem).fingerprint.hex(":").upper() if pem else ""
