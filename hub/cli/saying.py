"""What a terminal says of errors that no command put into words itself."""

import re
from collections.abc import Mapping

from sqlalchemy.exc import OperationalError

from hub.core.errors import MesaError

SENTENCES: Mapping[str, str] = {
    "PROPOSAL_NOT_FOUND": "No existe la propuesta {detail}.",
    "PROPOSAL_CLOSED": "La propuesta {detail} ya se cerró: se aplicó, o la dejaron de lado.",
    "FILE_UNREADABLE": "El archivo del directorio no se puede leer: {detail}",
    "CHANGE_UNWRITABLE": "El cambio no se puede escribir en el archivo: {detail}",
    "NOT_DECLARED": "No está en el archivo del directorio: {detail}.",
    "STORAGE_FAILED": "Los documentos no se pueden leer o guardar; mira MESA_DOCUMENTS y el disco. {detail}",
    "NOT_FOUND": "No existe: {detail}.",
}
_DATABASE = (
    (re.compile(r"Connection refused"), "no hay ninguna en {where}, o no acepta conexiones"),
    (re.compile(r"password authentication failed"), "rechaza la cuenta o la contraseña de DATABASE_URL"),
    (re.compile(r'database "?([^" ]+)"? does not exist'), "en {where} no existe la base «{name}»"),
    (re.compile(r'role "?([^" ]+)"? does not exist'), "en {where} no existe la cuenta «{name}»"),
    (re.compile(r"could not translate host name|Name or service not known"), "no se halla la máquina {where}"),
    (re.compile(r"timeout expired|timed out"), "{where} no contesta a tiempo"),
    (re.compile(r"starting up|shutting down|in recovery mode"), "está arrancando o deteniéndose; vuelve a probar"),
    (re.compile(r"closed the connection|terminating connection"), "cortó la conexión; vuelve a probar"),
)
_WHERE = re.compile(r'at "([^"]+)"(?: \([^)]*\))?, port (\d+)|host name "([^"]+)"')


def of_error(error: MesaError) -> str:
    """One sentence; an error without one is told by its code."""
    told = SENTENCES.get(error.code)
    if told is None:
        return f"No se pudo: {error.code} ({error})."
    return told.format(detail=error.detail).strip()


def of_database(error: OperationalError) -> str:
    """Why the database does not answer; the driver's own words where nobody foresaw them."""
    said = str(error.orig)
    found = _WHERE.search(said)
    where = (f"{found[1]}:{found[2]}" if found[1] else found[3]) if found else "esa dirección"
    for pattern, words in _DATABASE:
        if why := pattern.search(said):
            name = why[1] if pattern.groups else ""
            return f"La base de datos no responde: {words.format(where=where, name=name)}."
    return f"La base de datos no responde: {said.splitlines()[0]}"
