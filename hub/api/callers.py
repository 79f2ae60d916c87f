"""Who may call from where: the national contract knows its callers by their address, and by a certificate if set."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import unquote

from hub.core.bodies import AdapterKind
from hub.core.directory import EntityRecord
from hub.core.ports import Partner
from hub.wire.trusted import fingerprint_of

log = logging.getLogger(__name__)
BY_ADDRESS = frozenset({AdapterKind.IOTRAMITE.value, AdapterKind.PIDE.value})
"""The ways whose contract has no signature."""


@dataclass(frozen=True)
class Callers:
    """The institutions that may call from where a call comes. `platforms`: those by which others are reached."""

    rucs: frozenset[str] = frozenset()
    platforms: tuple[EntityRecord, ...] = ()

    @property
    def platform_ids(self) -> tuple[int, ...]:
        return tuple(one.id for one in self.platforms)


def rucs_at(
    address: str, partners: Iterable[Partner], *, is_demo: bool = False, certificate: str = ""
) -> frozenset[str]:
    """The RUCs of the institutions that may call by the national contract from this address with this certificate.

    `allowed_ips` (addresses and networks, by commas) and `client_certs` (SHA-256 of the certificate, in hex, by
    commas) are options of an institution's way; each that is given must hold. One that lists neither may not call,
    except from this machine in a demo and where the national contract is its way. `certificate` is a fingerprint.
    """
    caller = _plain(address)
    if caller is None:
        return frozenset()
    return frozenset(
        partner.ruc for partner in partners if _allows(partner, caller, certificate.lower(), is_demo=is_demo)
    )


def _allows(partner: Partner, caller: IPv4Address | IPv6Address, certificate: str, *, is_demo: bool) -> bool:
    networks, fingerprints = _listed(partner, "allowed_ips"), _listed(partner, "client_certs")
    if not networks and not fingerprints:
        return is_demo and caller.is_loopback and partner.adapter in BY_ADDRESS
    known = {one.replace(":", "").lower() for one in fingerprints}
    return (not networks or any(_holds(partner, one, caller) for one in networks)) and (
        not known or certificate in known
    )


def _listed(partner: Partner, option: str) -> list[str]:
    return [text.strip() for text in partner.options.get(option, "").split(",") if text.strip()]


def _holds(partner: Partner, network: str, caller: IPv4Address | IPv6Address) -> bool:
    try:
        return caller in ip_network(network, strict=False)
    except ValueError:  # one wrong row shuts nobody else out
        log.warning("%s: allowed_ips has what is no network", partner.code)
        return False


def _plain(address: str) -> IPv4Address | IPv6Address | None:
    """An address; one of IPv4 that came by IPv6 is the one of IPv4."""
    try:
        caller = ip_address(address)
    except ValueError:  # a socket without an address: nobody we know
        return None
    mapped = caller.ipv4_mapped if isinstance(caller, IPv6Address) else None
    return mapped or caller


def fingerprint_in(header: str) -> str:
    """The SHA-256 (hex) of the certificate that the web server in front puts into a header; empty for none.

    It is PEM, URL-encoded. The server proved that the caller holds its key; here it is only compared.
    """
    return fingerprint_of(unquote(header, errors="replace").encode()) if header else ""
