"""What makes a PDF archival (ISO 19005-2): its metadata in XMP, the same as in its Info, and the colours it means."""

import zlib
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

from hub.papers.pdf.objects import Objects, text_string

LANGUAGE: Final = "es-PE"
_PROFILE: Final = Path(__file__).with_name("srgb.icc")
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language></rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<xmp:CreatorTool>{producer}</xmp:CreatorTool><xmp:CreateDate>{made}</xmp:CreateDate>
<xmp:ModifyDate>{made}</xmp:ModifyDate><pdf:Producer>{producer}</pdf:Producer></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@cache
def _profile() -> tuple[int, bytes]:
    data = _PROFILE.read_bytes()
    return len(data), zlib.compress(data, 9)


def output_intent(objects: Objects) -> bytes:
    """The output intent: sRGB."""
    _, deflated = _profile()
    profile = objects.put_stream(b"/N 3", deflated, is_deflated=True)
    return (
        b"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) "
        b"/DestOutputProfile %d 0 R >>" % profile
    )


def metadata(objects: Objects, title: str, producer: str, made_at: datetime) -> tuple[int, int]:
    """Write the XMP and the Info. Gives the numbers of both."""
    made = made_at.astimezone(timezone.utc)
    xmp = _XMP.format(
        title=escape(title), producer=escape(producer), language=LANGUAGE, made=f"{made:%Y-%m-%dT%H:%M:%SZ}"
    )
    stream = objects.put_stream(b"/Type /Metadata /Subtype /XML", xmp.encode())
    date = pdf_date(made)
    info = b"<< /Title %s /Producer %s /Creator %s /CreationDate %s /ModDate %s >>" % (
        text_string(title), text_string(producer), text_string(producer), date, date,
    )  # fmt: skip
    return stream, objects.put(info)


def pdf_date(at: datetime) -> bytes:
    """A date of a PDF, in UTC."""
    return f"(D:{at.astimezone(timezone.utc):%Y%m%d%H%M%S}Z)".encode()
