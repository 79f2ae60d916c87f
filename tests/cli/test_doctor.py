"""`mesa doctor`: each thing that is really wrong is named with its remedy; what is well is said to be."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from hub.cli.doctor import doctor
from hub.clock import now
from hub.core.errors import PermanentFailure
from hub.core.statuses import DeliveryStatus
from hub.keeping.noting import note_whole
from hub.keeping.shelf import Round
from hub.monitoring import probes
from hub.monitoring.probes import Tried
from hub.overseeing import beat, host
from tests.fixtures.clamd import listening
from tests.ports import free_port
from tests.stages.office import office
from tests.stages.test_letters import MailServer

__all__ = ["office"]


@pytest.fixture
def examine(office, capsys):
    """examine(**settings) -> the exit code and what was printed."""
    well = {"secret_key": "s" * 64, "tracking_secret": "t" * 64, "entities": f"{office.settings.data}/entities.yaml",
            "public_url": "https://mesa.example", "proxies": 1, "warn_mail": "guardia@mesa.example",
            "mail_from": "hub@mesa.example"}  # fmt: skip

    def run(**settings):
        code = doctor(replace(office.settings, **{**well, **settings}))
        return code, capsys.readouterr().out

    return run


def lines(out, verdict):
    return [line for line in out.splitlines() if line.startswith(f"  {verdict:<6} ")]


@pytest.fixture
def copied(office):
    """`mesa backup` has its place at the server, and has just brought everything."""
    with office.engine.begin() as connection:
        connection.execute(text("select pg_create_physical_replication_slot('mesa_backup')"))
    assert note_whole(office.engine, Round(now(), 1, 1, "0/1"), now()) == ""
    yield
    with office.engine.begin() as connection:
        connection.execute(text("select pg_drop_replication_slot('mesa_backup')"))


@pytest.mark.usefixtures("copied")
def test_a_deployment_in_order_is_said_to_be_and_every_neighbour_was_tried(examine, office, tsa):
    beat(office.tools)
    trusted = office.settings.keys_folder / "tsa" / "crt.pem"
    trusted.parent.mkdir()
    trusted.write_bytes(tsa.pem)
    mail = MailServer()
    mail.start()
    with listening() as clamd:
        code, out = examine(
            smtp=f"127.0.0.1:{mail.port}", clamav=clamd.address, tsa=tsa.url, returns_domain="rebotes.mesa.example"
        )
    mail.stop()
    assert (code, lines(out, "mal"), lines(out, "aviso")) == (0, [], []), out
    assert "todo está bien" in out
    for said in ("un sello de verdad", "revisó una prueba", "se guardó, se leyó y se quitó", "dicen lo mismo",
                 "un repartidor da señales de vida", "las tablas están al día", "el reloj de la base",
                 "hay copia de lo confirmado hasta hace 1 minuto"):  # fmt: skip
        assert said in out


def test_who_keeps_the_log_for_copies_that_never_said_a_word_is_told(examine, office):
    with office.engine.begin() as connection:
        connection.execute(text("select pg_create_physical_replication_slot('mesa_backup', false)"))
    worth = "\n".join(lines(examine()[1], "aviso"))
    with office.engine.begin() as connection:
        connection.execute(text("select pg_drop_replication_slot('mesa_backup')"))
    assert "la base guarda lo nuevo para mesa backup, que no anotó ninguna vuelta" in worth


def test_who_has_no_other_copy_is_told(examine):
    assert "nadie guarda otra copia de la base" in "\n".join(lines(examine()[1], "aviso"))


def test_no_heading_stands_alone(examine):
    out = examine(is_demo=True)[1]
    assert "una demostración no se copia" in "\n".join(lines(out, "bien"))
    assert all(block.count("\n") for block in out.strip().split("\n\n")[:-1])


def test_each_thing_that_is_wrong_is_named_with_what_to_do(examine, office):
    nobody = f"127.0.0.1:{free_port()}"
    hub = office.settings.keys_folder / "hub"
    (hub / "seal.key.pem").chmod(0o644)
    (hub / "token.crt.pem").write_bytes((hub / "seal.crt.pem").read_bytes())
    code, out = examine(
        secret_key="", public_url="http://mesa.example/", smtp=nobody, clamav=nobody, tsa=f"http://{nobody}/",
        warn_disk_free=1.0, entities="config/entities.yaml",
    )  # fmt: skip
    assert code == 1
    wrong = "\n".join(lines(out, "mal"))
    for said in ("MESA_SECRET_KEY no está puesto", "termina en barra", "MESA_PUBLIC_URL es http:",
                 "lo puede leer o escribir", "la clave de las credenciales no sirve", "tiene libre",
                 "el correo no sale", "no dio un sello",
                 f"{nobody} no responde", "ningún repartidor da señales"):  # fmt: skip
        assert said in wrong, said
    assert out.count("Qué hacer: ") == len(lines(out, "mal")) + len(lines(out, "aviso"))


def test_what_waits_for_a_person_and_a_file_that_was_not_imported_deserve_a_look(examine, office):
    beat(office.tools)
    office.institution.says["igp"] = [PermanentFailure("RECEPTOR_EQUIVOCADO", raw=b"{}")]
    office.work_until_is(office.file(), DeliveryStatus.FAILED)
    file = office.tools.store._folder.parent / "entities.yaml"
    file.write_text(file.read_text().replace("Instituto Geofísico del Perú", "Instituto de otro nombre"))
    _, out = examine()
    worth = "\n".join(lines(out, "aviso"))
    assert "hay envíos detenidos hacia IGP: 1" in worth
    assert "un cambio que las tablas no tienen: entity:igp" in worth
    with Session(office.engine) as session:  # looking wrote nothing
        written = text("select count(*) from declarations where declared::text like '%otro nombre%'")
        assert session.scalar(written) == 0


def test_what_other_machines_saw_is_named_and_what_this_one_just_tried_is_not_repeated(examine, office):
    beat(office.tools)
    full, failing = {"free": 2, "total": 100}, Tried("antivirus", "ANTIVIRUS_DOWN")
    with Session(office.engine) as session:
        for machine in (host(office.settings), "otra"):
            for _ in range(2):
                probes.keep(session, machine, (Tried("disk:/srv", measured=full), failing), now())
        session.commit()
    code, out = examine(data=f"{office.settings.data}/nowhere", documents=office.settings.data)
    assert code == 1
    assert any("el disco de otra:/srv se llena: queda 2 %" in line for line in lines(out, "mal")), out
    assert any("sin antivirus en otra: no responde" in line for line in lines(out, "aviso")), out
    assert out.count("se llena") == 1 and out.count("sin antivirus en") == 1
    assert any("no está la carpeta" in line for line in lines(out, "aviso"))


def test_a_webhook_is_sent_a_test_and_its_key_is_printed_nowhere(examine, serve):
    posts = []

    def receiver(environ, start_response):
        posts.append(environ["QUERY_STRING"])
        start_response("200 OK" if "bueno" in posts[-1] else "401 Unauthorized", [])
        return [b""]

    address = serve(receiver)
    _, out = examine(warn_webhook=f"{address}/x?clave=bueno")
    assert "127.0.0.1 tomó una prueba" in out and "bueno" not in out
    code, out = examine(warn_webhook=f"{address}/x?clave=secreta")
    assert code == 1 and "127.0.0.1 no tomó una prueba (401)" in out and "secreta" not in out


def test_what_breaks_while_it_is_looked_at_is_one_more_finding(examine, office, tsa):
    trusted = office.settings.keys_folder / "tsa" / "crt.pem"
    trusted.parent.mkdir()
    trusted.write_bytes(b"0\x82\x03\x01 as DER")
    code, out = examine(tsa=tsa.url, documents="nowhere://bucket", clamav="host:port:no number")
    assert code == 1 and "keys/tsa/crt.pem no es un certificado PEM" in out
    assert "no se puede guardar en nowhere://bucket" in out and "Lo que pasa ahora" in out


def test_a_database_that_is_down_or_old_is_the_end_of_the_questions(examine, office):
    code, out = examine(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    assert code == 1 and "PostgreSQL no responde" in out and "Repartidores" not in out
    with office.engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '0040'"))
    code, out = examine()
    assert code == 1 and "faltan migraciones: va por 0040" in out
