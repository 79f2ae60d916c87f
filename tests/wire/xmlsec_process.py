"""xmlsec in a process of its own: `verify CERT < message`, `sign KEY CERT < template > message`; SOAP: `verify-header`.

Apart from the suite because its wheel brings a libxml2 of its own. Imports nothing of ours.
"""

import sys

import xmlsec
from lxml import etree


def verify(certificate):
    root = etree.fromstring(sys.stdin.buffer.read())
    node = root.find(f"{{{xmlsec.constants.DSigNs}}}Signature")
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(certificate, xmlsec.constants.KeyDataFormatCertPem)
    try:
        context.verify(node)
    except xmlsec.Error as error:
        sys.exit(f"not verified: {error}")


def verify_header(certificate):
    """The signature in the WS-Security header of a SOAP message, whose parts are named by wsu:Id."""
    wsu = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
    root = etree.fromstring(sys.stdin.buffer.read())
    node = root.find(f".//{{{xmlsec.constants.DSigNs}}}Signature")
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(certificate, xmlsec.constants.KeyDataFormatCertPem)
    for part in root.iter():
        if part.get(f"{{{wsu}}}Id"):
            context.register_id(part, "Id", wsu)
    try:
        context.verify(node)
    except xmlsec.Error as error:
        sys.exit(f"not verified: {error}")


def sign(key, certificate):
    root = etree.fromstring(sys.stdin.buffer.read())
    node = xmlsec.tree.find_node(root, xmlsec.constants.NodeSignature)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_file(key, xmlsec.constants.KeyDataFormatPem)
    context.key.load_cert_from_file(certificate, xmlsec.constants.KeyDataFormatPem)
    context.sign(node)
    sys.stdout.buffer.write(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


if __name__ == "__main__":
    {"verify": verify, "verify-header": verify_header, "sign": sign}[sys.argv[1]](*sys.argv[2:])
