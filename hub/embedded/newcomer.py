"""What a newcomer to the playground is told: addresses, keys, the first commands, and the same for a shell."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from urllib.parse import urlsplit

from hub.embedded.demo import ACCOUNTS
from hub.embedded.ports import LOOPBACK

OPERATOR, OPERATOR_RUC = "minam", "20000000010"
"""Its code is that of the demonstration's operator, so that the demonstration's accounts open its screens."""
OPPOSITE, OPPOSITE_RUC, OPPOSITE_PORT = "otra", "20000000028", 7101
OWN_RUC = "20000000036"
ADDRESSED = ("rest", "soap", "iotramite")
"""The ways by which the hub calls the newcomer, each at an address."""
WAYS = {"rest": "rest", "soap": "soap", "iotramite": "iotramite", "recoger": "pull", "bandeja": "hosted"}
"""What a newcomer may ask for, and what its directory calls it."""


SPOKEN = {
    "rest": "REST, en {}", "soap": "SOAP, en {}", "iotramite": "el contrato nacional, en {}",
    "pull": "recoge sus mensajes en la mesa", "hosted": "atiende en la bandeja de la mesa",
}  # fmt: skip


@dataclass(frozen=True)
class Newcomer:
    """The test institution: without an address it fetches what is its own, unless `way` (of WAYS) says another."""

    code: str
    ruc: str = OWN_RUC
    address: str = ""
    max_bytes: int = 0
    way: str = ""

    @property
    def kind(self) -> str:
        """Its way as the directory calls it."""
        return WAYS[self.way or ("rest" if self.address else "recoger")]


def places(chosen: Mapping[str, str], ports: Mapping[str, int]) -> tuple[str, str]:
    """Where the hub is, and where the opposite party."""
    return chosen["MESA_PUBLIC_URL"], f"http://{LOOPBACK}:{ports[OPPOSITE]}"


def environment(folder: Path, newcomer: Newcomer, hub: str, other: str) -> str:
    """What the clients of docs/attach/clients read, for a shell."""
    keys, place = folder / "keys", urlsplit(newcomer.address)
    told = {
        "MESA_URL": hub, "MESA_RUC": OPERATOR_RUC, "MESA_CERT": keys / "hub" / "envelope.crt.pem",
        "MI_RUC": newcomer.ruc, "MI_CLAVE": keys / "sandbox" / f"{newcomer.code}.key.pem",
        "MI_CERT": keys / "entities" / f"{newcomer.code}.crt.pem", "MI_CARPETA": folder / "sistema",
        "OTRA_URL": other, "OTRA_RUC": OPPOSITE_RUC,
    }  # fmt: skip
    if newcomer.address:
        told["MI_URL"] = f"{place.scheme}://{place.netloc}"
    return "".join(f"export {name}={quote(str(value))}\n" for name, value in told.items())


def lines(folder: Path, newcomer: Newcomer, chosen: Mapping[str, str], ports: Mapping[str, int]) -> list[str]:
    """What a newcomer needs to know, and the first commands to try."""
    hub, other = places(chosen, ports)
    way = SPOKEN[newcomer.kind].format(newcomer.address)
    asked = f'{{"to": "{newcomer.ruc}", "subject": "Hola"}}'
    said = [
        "\nTu entorno de pruebas está listo\n",
        f"  La mesa          {hub}   (RUC {OPERATOR_RUC}; contrato: {hub}/api/v1/)",
        f"  Tu entidad       {newcomer.code}, RUC {newcomer.ruc}: {way}",
        f"  Tu clave         {folder}/keys/sandbox/{newcomer.code}.key.pem",
        f"  Tu certificado   {folder}/keys/entities/{newcomer.code}.crt.pem",
        f"  El de la mesa    {folder}/keys/hub/envelope.crt.pem y token.crt.pem",
        f"  La otra entidad  {other}   (RUC {OPPOSITE_RUC})\n",
        "  Que la otra entidad te envíe un documento:",
        f"    curl -s -H 'Content-Type: application/json' -d '{asked}' {other}/control/present",
        "  Que se porte mal: fail, garbage, lose_answer, hang (cuántas veces), delay (segundos), refuse_next...",
        f"    curl -s -d '{{\"fail\": 2}}' {other}/control",
    ]
    if newcomer.address:
        said += [
            "  Saber si tu sistema está listo (con http://127.0.0.1:7300 como dirección de la mesa):",
            f"    MESA_DATA={folder} .venv/bin/mesa conformance {newcomer.address} --entity {newcomer.code}"
            f" --medio {newcomer.kind}",
        ]
    people = [one.email for one in ACCOUNTS if one.entity_code == newcomer.code]
    return [*said, f"\n  Lo que leen los clientes de docs/attach/clients:  . {folder}/{newcomer.code}.env",
            f"  Pantallas: {hub}, con {', '.join([*people, 'sector@minam.example'])} y {chosen['MESA_DEMO_PASSWORD']}",
            "  Ctrl-C detiene todo; la misma orden sigue donde quedó.\n"]  # fmt: skip
