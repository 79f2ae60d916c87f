"""The words that close and open the keys in a copy. Light to import: they are asked for before anything slow."""

import getpass
import sys

from hub.cli.complaint import Complaint
from hub.settings import Settings


def passphrase_of(settings: Settings) -> str:
    """From the setting, its file, or typed. Raises Complaint where there are none."""
    if settings.backup_secret:
        return settings.backup_secret
    if sys.stdin.isatty():
        return getpass.getpass("Frase que cierra las claves: ")
    raise Complaint("Falta la frase que cierra las claves: ponla en un archivo y dilo en MESA_BACKUP_PASSPHRASE_FILE.")
