"""`mesa doctor`: looks at a deployment from this machine and says in words what is wrong and what to do."""

from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.exc import SQLAlchemyError

from hub.cli.doctor.findings import BAD, WORTH, Finding, bad
from hub.cli.doctor.ground import database, entities, keys, settings_of
from hub.cli.doctor.keeping import copies
from hub.cli.doctor.neighbours import antivirus, disks, mail, stamps, store, webhook
from hub.cli.doctor.work import ledger, months, open_troubles, papers, workers
from hub.settings import Settings

OFFLINE = (
    ("Ajustes", settings_of), ("Claves y certificados", keys), ("Documentos", store), ("Discos", disks),
    ("Correo", mail), ("Sello de tiempo", stamps), ("Antivirus", antivirus),
    ("Webhook de avisos", webhook),
)  # fmt: skip
IN_DATABASE = (
    ("Directorio de entidades", entities), ("Repartidores", workers), ("Imprenta", papers), ("Libro", ledger),
    ("Réplica y copias", copies),
    ("Tablas por mes", months), ("Lo que pasa ahora", open_troubles),
)  # fmt: skip


def doctor(settings: Settings) -> int:
    """Check everything and print it, each thing as it is known; 0 where nothing is wrong, 1 otherwise."""
    found: list[Finding] = []
    for heading, findings in examined(settings):
        print(f"\n{heading}")
        for one in findings:
            found.append(one)
            print(f"  {one.verdict:<6} {one.what}", flush=True)
            if one.remedy:
                print(f"         Qué hacer: {one.remedy}")
    return _conclude(found)


def examined(settings: Settings) -> Iterator[tuple[str, Iterator[Finding]]]:
    """Each heading with what is found under it. What needs the database is left out where there is none."""
    for heading, look in OFFLINE:
        yield heading, _guarded(look(settings))
    engine = create_engine(settings.sqlalchemy_url, hide_parameters=True)
    base = list(_guarded(database(engine)))
    yield "Base de datos", iter(base)
    if not any(one.verdict == BAD for one in base):
        for heading, ask in IN_DATABASE:
            yield heading, _guarded(ask(settings, engine))
    engine.dispose()


def _guarded(findings: Iterator[Finding]) -> Iterator[Finding]:
    """What breaks while it is looked at is a finding, and the rest is looked at all the same."""
    try:
        yield from findings
    except SQLAlchemyError as error:
        yield bad(f"la base de datos falló al preguntarle ({type(error).__name__})", "mira el registro de PostgreSQL")
    except Exception as error:
        said = str(error).strip().splitlines() or [""]
        yield bad(f"no se pudo revisar ({type(error).__name__}: {said[0]})", "corrige lo que nombra y repite")


def _conclude(found: list[Finding]) -> int:
    wrong = sum(one.verdict == BAD for one in found)
    worth = sum(one.verdict == WORTH for one in found)
    looked = f"Revisé {len(found)} cosas"
    if not wrong and not worth:
        print(f"\n{looked}: todo está bien.")
    elif not wrong:
        print(f"\n{looked}: nada está mal; {worth} {'merece' if worth == 1 else 'merecen'} una mirada.")
    else:
        more = f" y {worth} {'merece' if worth == 1 else 'merecen'} una mirada" if worth else ""
        print(f"\n{looked}: {wrong} {'está' if wrong == 1 else 'están'} mal{more}.")
    return 1 if wrong else 0
