"""What a call needs, on a command line: a credential, or a signature under a message.

python -m adapters.sandbox.signing credencial              a JWT, for one call
python -m adapters.sandbox.signing firmar MENSAJE.xml      the message with its signature, to the standard output

Who signs is told by the environment, as `mesa sandbox` writes it: MI_RUC, MI_CLAVE, MI_CERT, and MESA_RUC.
"""

import argparse
import os
import sys
from pathlib import Path

from lxml import etree

from adapters.sandbox.seal import OwnKey

NEEDED = ("MI_RUC", "MI_CLAVE", "MI_CERT", "MESA_RUC")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    orders = parser.add_subparsers(dest="order", required=True)
    orders.add_parser("credencial", help="una credencial (JWT) para una llamada")
    orders.add_parser("firmar", help="el mensaje, firmado").add_argument("message", metavar="MENSAJE.xml", type=Path)
    given = parser.parse_args()
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        parser.error(f"falta {', '.join(missing)}: léelos antes con «. juego/tuya.env»")
    own = OwnKey(Path(os.environ["MI_CLAVE"]).read_bytes(), Path(os.environ["MI_CERT"]).read_bytes())
    if given.order == "credencial":
        print(own.token(os.environ["MI_RUC"], os.environ["MESA_RUC"]))
        return
    parser_of_xml = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    sys.stdout.buffer.write(own.seal(etree.parse(str(given.message), parser_of_xml).getroot()))


if __name__ == "__main__":
    main()
