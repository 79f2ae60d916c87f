"""A Cargo of IGP for the tests of the seal: sealed well or otherwise, opened, refused."""

import pytest
from lxml import etree
from signxml import XMLSigner
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod

from hub.core.errors import ContractError
from hub.wire.codes import BY_WIRE
from hub.wire.seal import open_sealed, seal
from hub.wire.sobre import build
from hub.wire.trusted import leaf_of
from tests.wire import sector
from tests.wire.sector import HUB, IGP, NOW, directory, signer_of

DS = "{http://www.w3.org/2000/09/xmldsig#}"
OPENING = b"<Cargo xmlns"


def sealed_cargo(signer=None, **changes):
    return seal(build(sector.cargo(**changes)), signer or signer_of(IGP))


def opened(raw, trust=None, *, receiver=HUB, now=NOW):
    return open_sealed(raw, trust or directory(), receiver_ruc=receiver, now=now)


def refusal(raw, trust=None, **where):
    with pytest.raises(ContractError) as refused:
        opened(raw, trust, **where)
    assert refused.value.code in BY_WIRE
    assert refused.value.is_temporary is False
    return refused.value.code


def signed_otherwise(raw=None, *, certificate=None, key=None, references=None, stack=XMLSigner, **algorithms):
    """A cargo signed by IGP's key with other settings than the profile's, or by another `stack`."""
    settings = {
        "signature_algorithm": SignatureMethod.ECDSA_SHA256,
        "digest_algorithm": DigestAlgorithm.SHA256,
        "c14n_algorithm": CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        **algorithms,
    }
    signer = signer_of(IGP)
    signing = stack(**settings)
    root = etree.fromstring(raw or build(sector.cargo()))
    leaf = leaf_of(certificate or signer.certificate_pem).x509
    return etree.tostring(signing.sign(root, key=key or signer._key, cert=[leaf], reference_uri=references))
