"""The certificates of a bundle: the hub's own must come from its authority; the institutions' are the directory's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.core.ports import TrustedCertificate
from hub.evidence.container import Container
from hub.evidence.findings import Findings
from hub.evidence.layout import DIRECTORY, HUB_CERTIFICATES
from hub.evidence.said import Route
from hub.evidence.sealed import Trusted
from hub.wire.detached import is_from
from hub.wire.trusted import leaf_of, rucs_in

Certificates = dict[str, tuple[TrustedCertificate, ...]]


def route_of(bundle: Container, filing: Mapping[str, Any], trusted: Trusted, found: Findings) -> Route:
    """Whom each leg goes to, and whom to believe in whose name. Raises ContainerFault, KeyError, ValueError."""
    directory = bundle.json(DIRECTORY)
    hub = trusted.hub or str(filing["hub"])
    known: Certificates = {hub: _of_the_hub(bundle, hub, trusted, found)}
    names = {hub: str(directory["hub"]["nombre"])}
    for body in directory["instituciones"]:
        ruc = str(body["ruc"])
        names[ruc] = str(body["nombre"])
        # the body that runs the hub may also be a destination: the hub's own keys never speak for it, nor its for them
        known[ruc] = known.get(ruc, ()) + tuple(_declared(bundle, one) for one in body["certificados"])
    destinations = {str(leg["cuo"]): str(leg["destino"]) for leg in filing["envios"]}
    return Route(str(filing["numero"]), hub, destinations, names, lambda ruc: known.get(ruc, ()))


def _of_the_hub(bundle: Container, hub: str, trusted: Trusted, found: Findings) -> tuple[TrustedCertificate, ...]:
    believed = []
    for name in bundle.under(HUB_CERTIFICATES):
        pem = bundle.read(name, 64 * 1024)
        leaf = leaf_of(pem)
        if not trusted.authority or not is_from(pem, trusted.authority) or hub not in rucs_in(leaf.der):
            found.false("HUB_CERTIFICATE_UNTRUSTED", name)
            continue
        believed.append(TrustedCertificate(pem, leaf.valid_from, leaf.valid_until))
    return tuple(believed)


def _declared(bundle: Container, one: Mapping[str, Any]) -> TrustedCertificate:
    revoked = datetime.fromisoformat(one["revocado"]) if one["revocado"] else None
    since, until = (datetime.fromisoformat(one[key]) for key in ("desde", "hasta"))
    return TrustedCertificate(bundle.read(str(one["archivo"]), 64 * 1024), since, until, revoked)
