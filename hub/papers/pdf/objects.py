"""Objects of a PDF and the file around them: object streams, cross-reference stream, the open place of the seal."""

import hashlib
import zlib
from typing import Final

HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
BYTE_RANGE: Final = b"/ByteRange [0 0000000000 0000000000 0000000000]"
"""Of a paper that is not sealed yet; the numbers are filled in at the same width."""
_PER_OBJECT_STREAM: Final = 200


class Objects:
    """Numbered objects, in any order; `finish` gives the file."""

    def __init__(self) -> None:
        self._plain: dict[int, bytes] = {}
        self._whole: dict[int, bytes] = {}
        self._last = 0

    def reserve(self) -> int:
        """A number for what is written later."""
        self._last += 1
        return self._last

    def put(self, body: bytes, number: int = 0) -> int:
        """Write a dictionary or array, packed with others into an object stream. Gives its number."""
        number = number or self.reserve()
        self._plain[number] = body
        return number

    def put_whole(self, body: bytes, number: int = 0) -> int:
        """Write an object that stands in the file as it is, as a seal's must."""
        number = number or self.reserve()
        self._whole[number] = body
        return number

    def put_stream(self, entries: bytes, data: bytes, *, is_deflated: bool = False) -> int:
        """Write a stream; what is not deflated yet is, where that is asked for by no /Filter of its own."""
        if not is_deflated and b"/Type /Metadata" not in entries:
            data, is_deflated = zlib.compress(data, 6), True
        flate = b" /Filter /FlateDecode" if is_deflated else b""
        return self.put_whole(_stream(entries + flate, data))

    def finish(self, root: int, info: int) -> bytes:
        """The whole file. Its identifier is a digest of its content."""
        places: dict[int, tuple[int, int, int]] = {}
        out = bytearray(HEADER)
        self._pack(places)
        for number, body in sorted(self._whole.items()):
            places[number] = (1, len(out), 0)
            out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        start, number = len(out), self.reserve()
        places[number] = (1, start, 0)
        identifier = hashlib.sha256(out).hexdigest()[:32].encode()
        trailer = b"/Type /XRef /Size %d /W [1 4 2] /Root %d 0 R /Info %d 0 R /ID [<%s> <%s>]" % (
            number + 1, root, info, identifier, identifier,
        )  # fmt: skip
        rows = zlib.compress(_rows(places, number), 6)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, _stream(trailer + b" /Filter /FlateDecode", rows))
        out += b"startxref\n%d\n%%%%EOF\n" % start
        return bytes(out)

    def _pack(self, places: dict[int, tuple[int, int, int]]) -> None:
        """Put the plain objects into object streams, which deflate well."""
        waiting = sorted(self._plain.items())
        for begin in range(0, len(waiting), _PER_OBJECT_STREAM):
            chosen = waiting[begin : begin + _PER_OBJECT_STREAM]
            own, heads, bodies = self.reserve(), bytearray(), bytearray()
            for index, (number, body) in enumerate(chosen):
                heads += b"%d %d " % (number, len(bodies))
                bodies += body + b"\n"
                places[number] = (2, own, index)
            entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(chosen), len(heads))
            self._whole[own] = _stream(entries, zlib.compress(bytes(heads + bodies), 6))


def _stream(entries: bytes, data: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def _rows(places: dict[int, tuple[int, int, int]], last: int) -> bytes:
    """The cross-reference rows: kind, place (or object stream), index; object 0 is free."""
    rows = bytearray(b"\x00\x00\x00\x00\x00\xff\xff")
    for number in range(1, last + 1):
        kind, place, index = places.get(number, (0, 0, 0))
        rows += bytes((kind,)) + place.to_bytes(4, "big") + index.to_bytes(2, "big")
    return bytes(rows)


def text_string(text: str) -> bytes:
    """A PDF text string, in UTF-16 with its mark."""
    return b"<" + b"\xfe\xff".hex().encode() + text.encode("utf-16-be").hex().encode() + b">"
