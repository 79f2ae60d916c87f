"""Options of a body's way, and bodies outside the sector: what cannot be is said with its line."""

import pytest

from tests.entities.conftest import codes

OEFA = '    link_hosts: ["127.0.0.1"]'
OUTSIDE = """
  - code: regulador
    ruc: "20131372184"
    acronym: OTRA
    name: Entidad de otro sector
    kind: other
    counters: [{code: principal, name: Sede central, place: Lima, ubigeo: "150100", principal: true}]
    adapter: {kind: pide%s}
"""


def with_options(demo, options):
    return demo.replace(OEFA, f"      options: {{{options}}}\n{OEFA}", 1)


@pytest.mark.parametrize(("options", "found"), [
    ('allowed_ips: "190.12.1.5, 200.48.0.0/16, 2800::/32"', set()),
    ('allowed_ips: "190.12.1"', {"ALLOWED_IPS_FORM"}), ('allowed_ips: "oefa.gob.pe"', {"ALLOWED_IPS_FORM"}),
    ('client_certs: "' + "ab" * 32 + ", " + ":".join(["CD"] * 32) + '"', set()),
    ('client_certs: "abcd"', {"CLIENT_CERTS_FORM"}), ('takes_cargos: "no", category: "1"', set()),
])  # fmt: skip
def test_from_where_and_with_what_a_body_calls_is_checked(look, demo, options, found):
    assert codes(look(with_options(demo, options))) == found


@pytest.mark.parametrize(("way", "found"), [
    ("", {"GATEWAY_OFF"}), (', address: "https://pide.example"', {"GATEWAY_OFF"}),
    (', address: "https://pide.example", options: {enabled: "yes"}', set()),
])  # fmt: skip
def test_a_body_outside_the_sector_needs_the_national_platform_switched_on(look, demo, way, found):
    head, agreements, rest = demo.partition("\nagreements:")
    checked = look(head.rstrip() + "\n" + OUTSIDE % way + agreements + rest)
    assert codes(checked) == found and checked.is_importable
    assert (checked.directory.gateway is None) is bool(found)
