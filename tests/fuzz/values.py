"""What is put into a message: values of every wrong kind, pieces of bytes, bombs, encodings, headers."""

VALUES = [
    "", " ", "0", "-1", "1", "R", "O", "P", "X", "01", "99", "NaN", "true", "null", "1e400", "9" * 30, "0x1F",
    "٣٣٣٣٣٣٣٣٣٣",
    "20521286769", "20131367008", "20100000001", "2052128676", "205212867690", "7000000001", "999999999A",
    "0000000000",
    # instants, in every form seen and in some that nobody should write
    "2026-11-21T19:09:49.813Z", "2026-11-21T19:09:49", "2019-08-01", "2025/06/01", "02021-06-01", "20/11/2025 9:30",
    "2026-11-21 09:30:00,123456789", "0001-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
    "2026-02-30",
    "2026-11-21T25:61:61", "2026-11-21T10:00:00+99:99", "1900-01-01", "ayer", "-2026-01-01", "2026-11-21T24:00:00Z",
    "2026-11-21T10:00:60Z", "20261121", "2026-W47-6", "0000-00-00", "2026-11-21T10:00:00+00:00Z",
    # texts
    "Atención señor: ñandú", "AtenciÃ³n seÃ±or", "ÃƒÂ³", "\u202e\u200b", "😀" * 40, "a\tb\nc\rd",
    "'; drop table filings; --",
    "{{7*7}}", "%s%n%x", "../../etc/passwd", "<b>hola</b>", "&amp;lt;", "\ud7ff\ufffd", "\u0301" * 300, "x" * 251,
    "http://127.0.0.1:9/anexos", "file:///etc/passwd", "javascript:alert(1)", "http://[", "//",
    "ftp://x/" + "y" * 300,
    "4ba0c2a6-7c2f-4a27-9d54-6b0e7f7c1d6e", "00000000-0000-0000-0000-000000000000", "2026-0001234-6",
    "JVBERi0xLjQK", "SlZCRVJpMHhMalFLYUdWc2JHOGdjR1Jt",
]  # fmt: skip

NAMES = [
    "request", "recepcionRequest", "cargoRequest", "parametros", "vcuo", "vrucentrem", "Vrucentrec", "VCUO",
    "bpdfdoc",
    "bcarstd", "lstanexos", "lstanexos-vnomdoc", "vnomdoc", "vnomdoc2", "dfecdoc", "cflgest", "vasu", "x", "return",
    "Fault", "Body", "Header", "cargoResponse", "consultarTramiteResponse", "recepcionarTramiteResponse", "getCUO",
    "getTipoDocumento", "mensaje", "cuo", "credencial", "recibirSobre", "recibirMensaje", "consultarSobre",
    "Cabecera",
    "Documento", "Signature", "IdMensaje", "Sobre", "Cargo", "ñandú", "a.b-c_d",
]  # fmt: skip

PIECES = [
    b"<", b">", b"&", b"\x00", b"\xff\xfe", b"<!DOCTYPE a>", b"<!--", b"-->", b"]]>", b"<![CDATA[", b"]]>",
    b"</s:Body>",
    b"&#0;", b"&#x1F;", b"&#xD800;", b"&#1114112;", b"&a;", b"&lt;", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b"999999999999999999999", b"-1", b"<request>", b"</request>", b"<request/>", b' xsi:nil="true"', b"NaN",
    b"\r\n\r\n",
    b"<?php echo 1 ?>", b'<?xml version="1.0"?>', b' xmlns=""', b' xmlns:s="urn:otro"', b"\xef\xbb\xbf", b"<a>" * 20,
    b"\x1b", b"\xe2\x80\xae", b'"', b"'", b"=", b"{", b"%",
]  # fmt: skip

_BILLION = b"".join(b'<!ENTITY l%d "%s">' % (one, b"&l%d;" % (one - 1) * 10) for one in range(1, 9))
BOMBS = [
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">' + _BILLION + b"]>",
    b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', b'<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]>',
    b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>', b"<!DOCTYPE x>", b"<!doctype html>",
    b'<!DOCTYPE x [<!ATTLIST request vcuo CDATA "1">]>', b"<!--" + b"-" * 50_000 + b"-->",
    b"<?x " + b"y" * 50_000 + b"?>",
    b"<x>" * 50_000, b"<x/>" * 50_000, b"\n" * 50_000,
]  # fmt: skip

ENCODINGS = ["utf-16", "utf-16-be", "utf-32", "latin-1", "cp1252", "utf-8-sig", "utf-7", "cp037", "shift_jis",
"ascii"]
PROLOGS = [
    b"<?xml version='1.0' encoding='%s'?>" % name
    for name in (b"utf-8", b"UTF-16", b"ISO-8859-1", b"latin1", b"windows-1252", b"us-ascii", b"cp037", b"nada", b"",
                 b"ISO-8859-15", b"utf-7", b"ucs-4")
] + [b'<?xml version="1.1"?>', b"<?xml?>", b'<?xml version="1.0" standalone="no"?>', b"<?xml version="]  # fmt: skip

CONTENT_TYPES = [
    ("Content-Type", [
        None, "", "text/xml", "text/xml; charset=utf-16", "text/xml; charset=nada", "text/xml; charset=\"",
        "application/soap+xml; charset=utf-8; action=\"x\"", "application/xml", "text/plain", "application/json",
        "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
        'multipart/related; type="application/xop+xml"; boundary="x"', "text/xml;;;", "x" * 2_000,
        "text/xml; charset=ISO-8859-1",
    ]),
    ("SOAPAction", [None, "", '""', '"cargoResponse"', "getCUO", '"http://pcm.pide.gob.pe/webservice#ShowArchivo"',
    "x" * 2_000,
                    "\xf1"]),
    ("Accept", ["application/soap+xml", "text/html", "*/*;q=x", ""]),
    ("Accept-Encoding", ["gzip", "identity;q=0", "x"]),
    ("Content-Encoding", ["gzip", "deflate", "x"]),
    ("User-Agent", ["Axis/1.4", "", "NuSOAP/0.9.5", "\xf1"]),
    ("X-Forwarded-For", ["10.1.1.1", "x", "::1, 127.0.0.1"]),
    ("Authorization", ["Basic Og==", "Bearer x", ""]),
    ("Cookie", ["session=x", "=", ";;;"]),
    ("Range", ["bytes=0-1", "x"]),
    ("If-None-Match", ["*", '"x"']),
]  # fmt: skip
"""Header -> values; None takes it away."""

QUERIES = ["", "", "", "?wsdl", "?WSDL", "?wsdl=1&x", "?%00", "?" + "x" * 2_000, "?a=%ff%fe"]
