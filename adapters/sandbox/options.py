"""The command line of an institution of the sandbox, the same for REST and for SOAP."""

import argparse
import logging
from pathlib import Path

from adapters.sandbox.institution import Identity, Institution
from adapters.sandbox.life import Pace
from adapters.sandbox.reader import HubCertificates
from adapters.sandbox.seal import OwnKey

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "sobre.xsd"


def institution_from(description: str | None) -> tuple[int, Institution]:
    """Read the command line; gives the port to serve at (0: any free one) and the institution."""
    given = _parser(description).parse_args()
    logging.basicConfig(level=logging.INFO, format=f"%(asctime)s {given.code} %(levelname)s %(message)s")
    return given.port, Institution(
        Identity(given.code, given.ruc, given.hub_url.rstrip("/"), given.hub_ruc, given.inline_limit,
                 given.max_bytes),
        OwnKey(given.key.read_bytes(), given.cert.read_bytes()),
        HubCertificates([path.read_bytes() for path in given.hub_cert], given.hub_ruc),
        str(given.schema),
        given.data,
        Pace(
            given.register_after, given.process_after, given.answer_after, given.retry_first, given.retry_most,
            given.counter, given.office,
        ),
    )  # fmt: skip


def _parser(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--code", required=True, help="short name, as in the directory: igp")
    parser.add_argument("--ruc", required=True)
    parser.add_argument("--port", type=int, default=0, help="0: any free port, printed on the first line")
    parser.add_argument("--data", type=Path, required=True, help="folder where everything is kept")
    parser.add_argument("--key", type=Path, required=True, help="our private key, PEM")
    parser.add_argument("--cert", type=Path, required=True, help="our certificate, PEM")
    parser.add_argument("--hub-url", required=True)
    parser.add_argument(
        "--hub-cert", type=Path, required=True, action="append", help="may be given twice, for a rotation"
    )
    parser.add_argument("--hub-ruc", required=True)
    parser.add_argument("--schema", type=Path, default=SCHEMA)
    parser.add_argument("--inline-limit", type=int, default=20_000_000, help="bytes above which documents come later")
    parser.add_argument("--max-bytes", type=int, default=0, help="bytes of documents that it takes; 0: any")
    parser.add_argument("--register-after", type=float, default=Pace.register_after, help="seconds; negative: never")
    parser.add_argument("--process-after", type=float, default=Pace.process_after, help="seconds; negative: never")
    parser.add_argument("--answer-after", type=float, default=Pace.answer_after, help="seconds; negative: never")
    parser.add_argument("--retry-first", type=float, default=Pace.retry_first, help="seconds, then doubling")
    parser.add_argument("--retry-most", type=float, default=Pace.retry_most, help="seconds between tries at most")
    parser.add_argument("--counter", default=Pace.counter, help="unit that registers")
    parser.add_argument("--office", default=Pace.office, help="unit that attends")
    return parser
