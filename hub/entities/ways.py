"""What the options of a body's way say: from where it calls, with which certificate, and the national platform."""

import re
from ipaddress import ip_network
from typing import Any

from hub.entities.faults import Path
from hub.entities.looking import mapping, mappings, text
from hub.entities.reading import Reading

_FINGERPRINT = re.compile(r"(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}")


def note_way_faults(reading: Reading) -> None:
    """Note in `reading` options that cannot be, and bodies outside the sector that nothing reaches."""
    entities = list(mappings(reading.value, (), "entities"))
    for path, entity in entities:
        options = mapping(mapping(entity, "adapter"), "options")
        here = (*path, "adapter", "options")
        _note_networks(reading, (*here, "allowed_ips"), text(options, "allowed_ips"))
        _note_certificates(reading, (*here, "client_certs"), text(options, "client_certs"))
    outside = [(path, mapping(entity, "adapter")) for path, entity in entities]
    outside = [(path, way) for path, way in outside if text(way, "kind") == "pide"]
    if outside and not any(_is_gateway(way) for _, way in outside):
        reading.fault((*outside[0][0], "adapter"), "GATEWAY_OFF", is_warning=True)


def _is_gateway(way: dict[str, Any]) -> bool:
    return bool(text(way, "address")) and text(mapping(way, "options"), "enabled") == "yes"


def _listed(value: str) -> list[str]:
    return [one.strip() for one in value.split(",") if one.strip()]


def _note_networks(reading: Reading, path: Path, value: str) -> None:
    for one in _listed(value):
        try:
            ip_network(one, strict=False)
        except ValueError:
            reading.fault(path, "ALLOWED_IPS_FORM", value=one)


def _note_certificates(reading: Reading, path: Path, value: str) -> None:
    for one in _listed(value):
        if not _FINGERPRINT.fullmatch(one):
            reading.fault(path, "CLIENT_CERTS_FORM", value=one)
