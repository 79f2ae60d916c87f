"""A command that cannot be carried out: its text is one Spanish sentence, printed as it is."""

import errno


class Complaint(Exception):
    """Shown to the operator instead of a traceback."""


_WHY = {
    errno.ENOENT: "no existe", errno.EISDIR: "es una carpeta", errno.ENOTDIR: "en su camino hay algo que no es carpeta",
    errno.EACCES: "esta cuenta no tiene permiso", errno.EPERM: "esta cuenta no tiene permiso",
    errno.ENOSPC: "el disco está lleno", errno.EROFS: "el disco no deja escribir", errno.EADDRINUSE: "está ocupada",
}  # fmt: skip


def why(error: OSError) -> str:
    """What the system says of a file or an address, in Spanish; in its own words where we have none."""
    return _WHY.get(error.errno or 0, error.strerror or str(error))
