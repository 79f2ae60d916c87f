"""Style, script and marks go over the wire packed, whoever serves them; pages do not.

A page holds secrets of its reader beside words that somebody else may have chosen, and the length of such a page,
packed, gives the secrets away (BREACH). What is built by us and the same for all holds none.
"""

import gzip
from functools import cache
from pathlib import Path

from flask import Flask, Response, request

PACKED = frozenset({".css", ".mjs", ".svg"})


@cache
def _packed(path: Path) -> bytes:
    """The bytes of a built file, packed once a process: a file that changes has another name."""
    return gzip.compress(path.read_bytes(), mtime=0)


def pack(app: Flask) -> None:
    """Give what stands in the static folder packed to every browser that says it can unpack."""
    folder = Path(str(app.static_folder))

    @app.after_request
    def packed_if_static(response: Response) -> Response:
        name = (request.view_args or {}).get("filename", "") if request.endpoint == "static" else ""
        if response.status_code != 200 or Path(name).suffix not in PACKED:
            return response
        response.vary.add("Accept-Encoding")
        if "gzip" in request.accept_encodings:
            response.direct_passthrough = False
            response.set_data(_packed(folder / name))
            response.headers["Content-Encoding"] = "gzip"
            response.headers.pop("ETag", None)  # it names the bytes as they lie
        return response
