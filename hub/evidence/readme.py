"""LEEME.txt: what the bundle is, for the person who opens it, and how anybody checks it without us."""

from collections.abc import Sequence
from datetime import datetime

from hub.core.calendar import LIMA
from hub.core.directory import Directory
from hub.models import Delivery, Filing

_TEXT = """\
EXPEDIENTE CON PRUEBAS DEL TRÁMITE {number}
{line}

Presentado:  {presented} (hora oficial del Perú)
Recibió:     {received_by}
Asunto:      {subject}
Este expediente reúne todo lo que se sabía el {made} (hora oficial del Perú).

A dónde fue
{legs}

QUÉ HAY AQUÍ
  documentos/    lo que se entregó, tal cual, y lo que se agregó al subsanar
  papeles/       la constancia y los cargos que emitió el sistema, en PDF
  mensajes/      cada mensaje entre el sistema y las instituciones, con su firma
  datos/         los datos del trámite, sus hechos uno por uno y sus pruebas
  libro/         las raíces firmadas del libro de hechos y sus sellos de tiempo
  certificados/  de quién es cada firma
  META-INF/      el sello que cubre todo lo anterior

Contiene tus datos personales: compártelo solo con quien tenga que verlos.

CÓMO SE COMPRUEBA
  Sin instalar nada:  en la página {page}
  En tu máquina:      mesa verify {file} --ca ca.pem --tsa tsa.pem
  Los certificados ca.pem y tsa.pem se descargan de {certificates} y conviene tenerlos de antes:
  los que están aquí dentro solo sirven para leer, no para confiar.

A MANO, CON PROGRAMAS DE CUALQUIERA (después de descomprimir)
  El sello:           openssl cms -verify -binary -inform DER -purpose any -CAfile ca.pem \\
                        -in META-INF/signature001.p7s -content META-INF/ASiCManifest001.xml -out /dev/null
  Cada pieza:         sha256sum documentos/*  (en hexadecimal; el manifiesto lo dice en base64)
  Cada mensaje:       xmlsec1 --verify --pubkey-cert-pem certificados/...  mensajes/...
  El sello de tiempo: openssl ts -verify -token_in -CAfile tsa.pem \\
                        -in META-INF/timestamp001.tst -data META-INF/ASiCArchiveManifest.xml
"""


def readme(
    filing: Filing, legs: Sequence[Delivery], directory: Directory, now: datetime, address: str = ""
) -> str:
    """The text, in Spanish. `address`: the hub's public address, without a slash at its end."""
    title = f"EXPEDIENTE CON PRUEBAS DEL TRÁMITE {filing.filing_number}"
    return _TEXT.format(
        number=filing.filing_number,
        line="=" * len(title),
        presented=_instant(filing.presented_at),
        received_by=directory.by_id(filing.received_by_id).name,
        subject=filing.subject,
        made=_instant(now),
        legs="\n".join(f"  {leg.cuo}  {directory.by_id(leg.destination_id).name}" for leg in legs) or "  todavía nada",
        page=f"{address}/verificar/expediente",
        certificates=f"{address}/certificados",
        file=f"expediente-{filing.filing_number}.asice",
    )


def _instant(at: datetime) -> str:
    return f"{at.astimezone(LIMA):%d/%m/%Y %H:%M:%S}"
