"""Who may call from where: the national contract knows its callers by nothing but their address."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from hub.core.ports import Partner


def rucs_at(address: str, partners: Iterable[Partner], *, is_demo: bool = False) -> frozenset[str]:
    """The RUCs of the national contract's partners whose `allowed_ips` (by commas) hold this address.

    Addresses and networks may be listed. A partner that lists none is refused, except from this machine in a demo.
    """
    caller = _plain(address)
    if caller is None:
        return frozenset()
    return frozenset(
        partner.ruc
        for partner in partners
        if partner.adapter == "iotramite" and _allows(partner, caller, is_demo=is_demo)
    )


def _allows(partner: Partner, caller: IPv4Address | IPv6Address, *, is_demo: bool) -> bool:
    listed = [text.strip() for text in partner.options.get("allowed_ips", "").split(",") if text.strip()]
    if not listed:
        return is_demo and caller.is_loopback
    return any(caller in ip_network(text, strict=False) for text in listed)


def _plain(address: str) -> IPv4Address | IPv6Address | None:
    """An address; one of IPv4 that came by IPv6 is the one of IPv4."""
    try:
        caller = ip_address(address)
    except ValueError:  # a socket without an address: nobody we know
        return None
    mapped = caller.ipv4_mapped if isinstance(caller, IPv6Address) else None
    return mapped or caller
