"""People who sign PDFs: certificates made here, as those of the State are written, and what is done to a file after."""

import io
from datetime import datetime, timedelta, timezone

from asn1crypto import keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigFieldSpec
from pyhanko_certvalidator.registry import SimpleCertificateStore

from hub.wire.cades import Stamps

OFFICIAL = "QUISPE NAHUI Ana FAU 20131366028 hard"
AUTHORITY = "ECEP de prueba"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def signer_named(common_name, **more):
    """A pyHanko signer. `more`: other attributes of the subject, by their name in NameOID."""
    attributes = {"COUNTRY_NAME": "PE", "COMMON_NAME": common_name} | more
    subject = x509.Name([x509.NameAttribute(getattr(NameOID, name), value) for name, value in attributes.items()])
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, AUTHORITY)])
    now = datetime.now(timezone.utc)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(_KEY.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=30))
    certificate = builder.sign(_KEY, SHA256())
    return signers.SimpleSigner(
        signing_cert=asn1.Certificate.load(certificate.public_bytes(Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(_KEY.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())),
        cert_registry=SimpleCertificateStore(),
    )


def signed(pdf, common_name=OFFICIAL, *, field="firma1", timestamper=None, **more):
    """The PDF with a signature more, as an incremental update."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    metadata = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    stamps = Stamps.of(timestamper)
    machine = signers.PdfSigner(
        metadata, signer_named(common_name, **more), timestamper=stamps, new_field_spec=SigFieldSpec(field)
    )
    return machine.sign_pdf(writer).getvalue()


def updated(pdf, title="Otra cosa"):
    """The PDF with something added after it was signed, as an editor does that saves by appending."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root[pdf_name("/Agregado")] = pdf_string(title)
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
