"""Back from the folder of copies: keys, the cluster up to an instant, in their places."""

import os
import pwd
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from psycopg2.extensions import parse_dsn

from hub.embedded.errors import EmbeddedError
from hub.embedded.firstrun import SECRETS, read_env, write_env
from hub.embedded.leftover import is_served
from hub.embedded.place import place_of
from hub.keeping.programs import programs_of
from hub.keeping.recovering import Ground, lay
from hub.keeping.secrets import DECLARED, ENV, opened_keys, pairs_in, put_keys, put_secret
from hub.keeping.shelf import KEYS, STAMP, Base, Shelf, check_base, in_lima
from hub.settings import Settings


@dataclass(frozen=True)
class Target:
    """Where things go. `cluster` is None for the database that comes with `mesa run`."""

    settings: Settings
    cluster: Path | None
    puts_aside: bool
    """What lies where the cluster goes is moved aside, never deleted."""


def chosen_base(shelf: Shelf, until: datetime | None) -> Base:
    """The newest base that ends before `until`. Raises EmbeddedError where there is none."""
    bases = shelf.bases()
    if not bases:
        raise EmbeddedError(f"En {shelf.folder} no hay ninguna copia completa.")
    before = [one for one in bases if until is None or one.reaches_from < until]
    if not before:
        raise EmbeddedError(_too_early(shelf, bases[0]))
    return before[-1]


def _too_early(shelf: Shelf, oldest: Base) -> str:
    """From when until when one can go back; from the second after the oldest base was whole."""
    done, since = shelf.last_round(), oldest.reaches_from + timedelta(seconds=1)
    no = f"No se puede volver tan atrás: en {shelf.folder}"
    if done and done.until < since:  # a base alone, and nothing after it
        return f"{no} solo está lo último, del {in_lima(done.until)} (hora de Lima). Repite sin --until."
    until = f"hasta el {in_lima(done.until)}" if done else "hasta donde llegue lo copiado, que no terminó una vuelta"
    return f"{no} hay desde el {in_lima(since)} {until} (hora de Lima)."


def bring_cluster(shelf: Shelf, base: Base, target: Target, now: datetime) -> Ground:
    """Put the cluster in its place with the log that is to be played. Raises EmbeddedError."""
    check_base(base)
    ground = place_for(base, target)
    if is_taken(ground):
        ground.cluster.rename(ground.cluster.with_name(f"{ground.cluster.name}.{now.strftime(STAMP)}"))
    lay(shelf, base, ground)
    return ground


def place_for(base: Base, target: Target) -> Ground:
    """Where the cluster goes. Raises EmbeddedError where another lies there and is not to be put aside, or runs."""
    if target.cluster is None:
        place = place_of(Path(target.settings.data) / "postgres")
        ground = Ground(place.cluster, place.programs, place.account)
    else:
        ground = Ground(target.cluster.resolve(), programs_of(base.major), _account_for(target.cluster))
    if is_taken(ground) and not target.puts_aside:
        raise EmbeddedError(f"En {ground.cluster} ya hay una base: detenla y muévela, o repite con --apartar.")
    if is_taken(ground) and is_served(ground.cluster):
        raise EmbeddedError(f"La base de {ground.cluster} está en marcha: detenla primero.")
    return ground


def is_taken(ground: Ground) -> bool:
    return ground.cluster.exists() and any(ground.cluster.iterdir())


def _account_for(cluster: Path) -> tuple[int, int] | None:
    """Who will run it: PostgreSQL refuses root, so the account `postgres` where we are root."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        found = pwd.getpwnam("postgres")
        return found.pw_uid, found.pw_gid
    raise EmbeddedError(f"Falta la cuenta postgres, que debe ser dueña de {cluster}.")


def bring_keys(base: Base, target: Target, passphrase: str, now: datetime) -> tuple[int, Path]:
    """Put back the keys and the sector's file that are missing. Gives how many keys, and where the old settings are."""
    found = opened_keys((base.folder / KEYS).read_bytes(), passphrase)
    settings, data = target.settings, Path(target.settings.data)
    put = put_keys(found, settings.keys_folder, now)
    old = data / "mesa.env.restored"
    if not old.exists() or old.read_bytes() != found[ENV]:
        put_secret(old, found[ENV], now)
    if DECLARED in found and not Path(settings.entities).exists():
        put_secret(Path(settings.entities), found[DECLARED], now)
    if target.cluster is None:
        _know_again(data, pairs_in(found[ENV]))
    return put, old


def _know_again(data: Path, settings: Mapping[str, str]) -> None:
    """`mesa run` finds its secrets, and the password of its database, where it had them."""
    secrets = data / "secrets.env"
    write_env(secrets, read_env(secrets) | {name: settings[name] for name in SECRETS if name in settings})
    if password := parse_dsn(settings.get("DATABASE_URL", "")).get("password"):
        file = place_of(data / "postgres").home / "password"
        file.touch(mode=0o600)
        file.write_text(password, "ascii")


def left_to_root(target: Target, old: Path) -> tuple[Path, ...]:
    """What the programs of the hub could not read or write, because root brought it; () where another account did."""
    if os.geteuid() != 0 or target.cluster is None:
        return ()
    settings = target.settings
    brought = [Path(settings.data), settings.keys_folder, old, Path(settings.entities)]
    if "://" not in settings.documents_url:
        brought.append(Path(settings.documents_url))
    roots = [one for one in dict.fromkeys(brought) if one.exists() and one.stat().st_uid == 0]
    return tuple(one for one in roots if not any(other in one.parents for other in roots))
