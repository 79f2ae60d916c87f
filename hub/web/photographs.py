"""Leaves photographed at the counter: the pictures of a form become one PDF, and the pictures are dropped."""

from flask import request

from hub import files
from hub.core.errors import InvalidFiling, Problem
from hub.core.messages import DocumentRole
from hub.extensions import services
from hub.papers.photographs import pdf_of
from hub.submitted import SubmittedFile
from hub.web import scanning
from hub.web.uploads import Upload

MOST = 40
LARGEST = 30_000_000
"""Bytes of one picture."""
NAME = "documento fotografiado.pdf"


def read_photographs(
    field: str, role: DocumentRole
) -> tuple[tuple[SubmittedFile, ...], tuple[Problem, ...]]:
    """The pictures of this request as one PDF, in the order of the form; nothing where there are none."""
    sent = [one for one in request.files.getlist(field) if one.stream.stored is not None]
    if not sent:
        return (), ()
    if len(sent) > MOST:
        return (), (Problem(field, "PHOTOGRAPHS_TOO_MANY", {"limit": MOST}),)
    large = [one for one in sent if one.stream.stored.size > LARGEST]
    if large:
        return (), (Problem(field, "PHOTOGRAPH_UNREADABLE", {"name": files.clean_name(large[0].filename, "foto")}),)
    pictures = []
    for one in sent:
        if found := scanning.virus_in(one.stream.stored):
            name = files.clean_name(one.filename, "foto")
            return (), (Problem(field, "FILE_INFECTED", {"name": name, "found": found}),)
        with one.stream.open() as stream:
            pictures.append((files.clean_name(one.filename, "foto"), stream.read()))
    try:
        content = pdf_of(pictures)
    except InvalidFiling as error:
        return (), error.problems
    return (_kept(content, len(sent), role),), ()


def _kept(content: bytes, pages: int, role: DocumentRole) -> SubmittedFile:
    """Stored like any upload of this request: dropped at its end unless a filing names it."""
    upload = Upload(services().store)
    request.uploads = [*getattr(request, "uploads", ()), upload]
    upload.write(content)
    upload.seek(0)
    return SubmittedFile(role, NAME, files.PDF, upload.stored, pages)
