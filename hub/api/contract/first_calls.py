"""The way to the first call that is accepted, for whoever opens the page of the contract: what is run, in order."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

GUIDES: Final = "docs/attach/README.md"
"""In the source: a page for each way of connecting."""


@dataclass(frozen=True)
class Step:
    """What is done, and the commands that do it; a test runs them in a shell, as they stand."""

    says: str
    commands: str = ""


STEPS: Final = (
    Step(
        "En una copia del código, levanta una mesa de pruebas. Trae tu entidad (`tuya`), su clave y su certificado ya "
        "registrado, y otra entidad con quien hablar. Déjala abierta y sigue en otra terminal.",
        ".venv/bin/mesa sandbox --carpeta juego",
    ),
    Step(
        "Lee quién eres: la dirección de la mesa, tu RUC, tu clave (`MI_CLAVE`) y tu certificado (`MI_CERT`).",
        ". juego/tuya.env; MESA=$MESA_URL",
    ),
    Step(
        "Una credencial es un JWT firmado con tu clave: `alg` ES256 o RS256, y `x5t#S256`, el SHA-256 de tu "
        "certificado, en la cabecera; `iss` tu RUC, `aud` el de la mesa, `iat` y `exp` a cinco minutos como máximo, y "
        "un `jti` que no se repite. Haz una para cada llamada.",
        "CREDENCIAL=$(.venv/bin/python -m adapters.sandbox.signing credencial)\n"
        'curl -s -H "Authorization: Bearer $CREDENCIAL" "$MESA/api/v1/mensajes"',
    ),
    Step(
        "Un mensaje lleva su firma dentro, como último elemento: XMLDSig «enveloped», canonicalización exclusiva, "
        "SHA-256. Se envía tal como se firmó: Acuse, Cargo, Estado y Respuesta, a `/api/v1/mensajes`; el Sobre con que "
        "presentas, a `/api/v1/sobres`. Cómo se escribe cada uno: `docs/contract.md` y `schemas/sobre.xsd`.",
        ".venv/bin/python -m adapters.sandbox.signing firmar mensaje.xml > firmado.xml\n"
        'curl -s -H "Content-Type: application/xml" --data-binary @firmado.xml "$MESA/api/v1/mensajes"',
    ),
)


def in_code(text: str) -> Markup:
    """A sentence whose words between backticks are code."""
    parts = text.split("`")
    return Markup("").join(Markup("<code>{}</code>").format(one) if place % 2 else escape(one)
                           for place, one in enumerate(parts))  # fmt: skip
