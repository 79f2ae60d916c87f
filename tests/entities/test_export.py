"""What was declared and what screens published, written as a file again: it checks, and it declares the same."""

from datetime import timedelta

from hub.entities import export, import_declared, load
from hub.entities.screen import open_body, publish
from tests.entities.certificates import NOW

LATER = NOW + timedelta(hours=1)
JOINED = {
    "code": "ipa", "ruc": "20131312955", "verified": False, "acronym": "IPA", "name": "Instituto del Agua",
    "kind": "research_institute", "adapter": {"kind": "hosted"}, "limits": {},
    "service": {"responsible": "Juana Mamani, Jefa"},
    "counters": [{"code": "principal", "name": "Sede central", "place": "Puno", "ubigeo": "210000",
                  "principal": True, "hours": []}],
}  # fmt: skip


def imported(session, checked):
    import_declared(session, checked, NOW)
    return load(session, NOW)


def test_the_demo_sector_comes_out_as_it_went_in(session, look, demo):
    before = imported(session, look(demo))
    again = look(export(session, NOW))
    assert again.errors == ()
    assert again.directory == before


def test_who_joined_and_what_a_coordinator_published_stand_in_the_file(session, look, demo):
    imported(session, look(demo))
    open_body(session, JOINED, LATER)
    hours = [{"weekday": day, "opens": "08:00", "closes": "16:30"} for day in (0, 1, 2, 4)]
    counters = [JOINED["counters"][0] | {"hours": hours, "address": "Jirón Lima 123"}]
    publish(session, "ipa", {"counters": counters, "limits": {"main_bytes": 10 << 20}}, LATER)
    changed = {"introduction": "La Amazonía: agua # y bosque", "document_types": ["otro", "carta"]}
    publish(session, "iiap", changed, LATER)
    text, now_held = export(session, LATER), load(session, LATER)
    again = look(text)
    assert again.errors == ()
    assert again.directory == now_held
    assert "mon-wed" in text and "days: fri" in text
    assert import_declared(session, again, LATER + timedelta(hours=1)).conflicts == ()
    assert load(session, LATER + timedelta(hours=1)) == now_held


def test_what_is_typed_on_screen_is_no_variable_of_the_machine(session, look, demo):
    imported(session, look(demo))
    publish(session, "iiap", {"introduction": "Clave: ${SECRET}"}, LATER)
    text = export(session, LATER)
    assert look(text, environ={"SECRET": "la de verdad"}).directory.entity("iiap").introduction == "Clave: $ {SECRET}"


def test_a_certificate_keeps_the_days_it_was_given(session, look, demo):
    narrowed = demo.replace("[{file: entities/igp.crt.pem}]", "[{file: entities/igp.crt.pem, valid_from: 2026-11-02}]")
    before = imported(session, look(narrowed))
    assert look(export(session, NOW)).directory == before
