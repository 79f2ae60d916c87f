"""What `mesa run` does before anybody may come in: migrations, keys, directory, accounts. Again and again the same.

python -m hub.embedded.prepare      (settings from the environment; MESA_DEMO_PASSWORD for the accounts)
"""

import os
import sys
from pathlib import Path

from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from hub import proposals
from hub.clock import now
from hub.embedded.accounts import make_accounts
from hub.embedded.demokeys import make_keys
from hub.embedded.errors import EmbeddedError
from hub.entities import check_file, import_declared
from hub.entities.versions import lock
from hub.entities_check import line_of
from hub.models.schema import migrate
from hub.settings import Settings


def prepare(settings: Settings, password: str) -> None:
    """Bring database, keys, directory and demo accounts to what this version of the product wants.

    Raises EmbeddedError when the sector's file has faults; they are printed before.
    """
    engine = create_engine(settings.sqlalchemy_url)
    migrate(engine)
    make_keys(Path(settings.entities), settings.keys_folder)
    with Session(engine) as session:
        import_entities(session, settings)
        if settings.is_demo and password:
            make_accounts(session, password)
        session.commit()
    engine.dispose()


def import_entities(session: Session, settings: Settings) -> tuple[str, ...]:
    """Import the sector's file into the directory; gives what changed. Flushes, does not commit."""
    file, at = Path(settings.entities), now()
    lock(session)  # before the file is read: a change of it may just be on its way
    checked = check_file(file, keys=settings.keys_folder, environ=os.environ, now=at)
    if not checked.is_importable:
        for fault in checked.faults:
            print(line_of(str(file), fault), file=sys.stderr)
        raise EmbeddedError(f"{file} tiene {len(checked.errors)} fallas: corrígelas y repite (mesa entities check).")
    imported = import_declared(session, checked, at)
    proposals.settle(session, file.read_text("utf-8"), at)
    for missing in imported.missing:
        print(f"Aviso: {missing} ya no está en {file}; sigue en el directorio.", file=sys.stderr)
    return imported.changed


if __name__ == "__main__":
    try:
        prepare(Settings.from_env(), os.environ.get("MESA_DEMO_PASSWORD", ""))
    except EmbeddedError as error:
        sys.exit(str(error))
