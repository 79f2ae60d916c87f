"""Uploads: a form's files go straight into the document store, hashed on the way; what no filing names is dropped."""

from tempfile import TemporaryFile
from typing import BinaryIO

from flask import Flask, Request, current_app, request
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser

from hub import files
from hub.core.errors import Problem
from hub.core.messages import DocumentRole
from hub.extensions import services
from hub.guards import View
from hub.intake import SubmittedFile
from hub.storage import Store, Stored, Writer
from hub.web import scanning
from hub.web.people import PEOPLE
from hub.web.security import refuse_nul

SMALL_FORM = 1024 * 1024
"""Bytes of a form for people that takes no files."""
PIECE = "application/offset+octet-stream"
WHOLE = 1024**4
"""Bytes of a piece at most; how much room its file has left is the view's to see to."""


def takes_files(view: View) -> View:
    """Mark a view whose form carries files; the bodies of all others are kept small."""
    view.takes_files = True  # type: ignore[attr-defined]
    return view


def takes_pieces(view: View) -> View:
    """Mark a view that takes a piece of a file, which is no form and may be larger than one."""
    view.takes_pieces = True  # type: ignore[attr-defined]
    return takes_files(view)


def only_looks(view: View) -> View:
    """Mark a view that reads a file and forgets it: it goes into a temporary file, never into the store."""
    view.only_looks = True  # type: ignore[attr-defined]
    return takes_files(view)


class Upload:
    """One file on its way in: the stream that werkzeug writes to. Nothing is stored for a file of no bytes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._writer: Writer | None = None
        self.is_kept = False

    def write(self, data: bytes) -> int:
        if not data:
            return 0
        if self._writer is None:
            self._writer = self._store.writer()
        return self._writer.write(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Werkzeug rewinds a file when its last byte is in: then it is made durable."""
        if self._writer is not None:
            self._writer.close()
        return 0

    def close(self) -> None:
        """Werkzeug closes what it was given; the store keeps what is kept."""

    @property
    def stored(self) -> Stored | None:
        """What was stored; None for an empty file."""
        return self._writer.stored if self._writer else None

    def open(self) -> BinaryIO:
        """The stored bytes, to be looked at."""
        assert self._writer is not None
        return self._store.open(self._writer.object_key)

    def discard(self) -> None:
        """Drop the bytes, finished or not, unless a filing names them."""
        if self._writer is None or self.is_kept:
            return
        self._writer.abandon()


class StreamingRequest(Request):
    """A request whose files are never held in memory nor written twice, and whose broken form is an error.

    So is one with a NUL in it.
    """

    uploads: list[Upload]

    def _get_file_stream(self, total_content_length, content_type, filename=None, content_length=None):
        if getattr(current_app.view_functions.get(self.endpoint or ""), "only_looks", False):
            return TemporaryFile()  # closed with the request
        upload = Upload(services().store)
        self.uploads = [*getattr(self, "uploads", ()), upload]
        return upload

    def make_form_data_parser(self) -> FormDataParser:
        parser = super().make_form_data_parser()
        parser.silent = False
        return parser

    def _load_form_data(self) -> None:
        try:
            super()._load_form_data()
        except (ValueError, UnicodeError) as error:  # cut half-way, or longer than announced
            raise BadRequest("the form cannot be read") from error
        refuse_nul(value for _, value in self.form.items(multi=True))


def install(app: Flask) -> None:
    """Call before the check against forged forms is installed: that one reads the body."""
    app.request_class = StreamingRequest
    app.before_request(_keep_small)
    app.teardown_request(_discard_unnamed)


def _keep_small():
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "takes_pieces", False) and request.mimetype == PIECE:
        request.max_content_length = WHOLE  # now: the check against forged forms opens the stream with its bound
    elif request.blueprint in PEOPLE and not getattr(view, "takes_files", False):
        request.max_content_length = SMALL_FORM


def _discard_unnamed(_error):
    for upload in getattr(request, "uploads", ()):
        upload.discard()


def keep(object_keys: frozenset[str]) -> None:
    """Say which of this request's files a filing names; the others are dropped when the request ends.

    Before the commit: what no antivirus looked through is written down with what names it.
    """
    scanning.note_unchecked(object_keys)
    for upload in getattr(request, "uploads", ()):
        upload.is_kept = upload.stored is not None and upload.stored.object_key in object_keys


def keep_none() -> None:
    """What was to name them was taken back."""
    keep(frozenset())


def read_main(field: str) -> tuple[tuple[SubmittedFile, ...], tuple[Problem, ...]]:
    """The main document of this request, or what is wrong with it. None at all is for intake to say."""
    file = request.files.get(field)
    if file is None or (not file.filename and _stored(file) is None):
        return (), ()
    name = files.clean_name(file.filename, "documento.pdf")
    stored = _stored(file)
    if stored is None:
        return (), (Problem(field, "FILE_EMPTY", {"name": name}),)
    if found := scanning.virus_in(stored):
        return (), (Problem(field, "FILE_INFECTED", {"name": name, "found": found}),)
    try:
        with file.stream.open() as stream:
            pages = files.check_pdf(stream)
    except files.UnreadableFile as error:
        return (), (Problem(field, error.code, {"name": name}),)
    return (SubmittedFile(DocumentRole.MAIN, name, files.PDF, stored, pages),), ()


def read_annexes(field: str) -> tuple[tuple[SubmittedFile, ...], tuple[Problem, ...]]:
    """The annexes of this request, of any kind. An empty one is a problem: nobody could read it."""
    annexes, problems = [], []
    for number, file in enumerate(request.files.getlist(field), 1):
        stored = _stored(file)
        if stored is None and not file.filename:
            continue
        name = files.clean_name(file.filename, f"anexo-{number}")
        if stored is None:
            problems.append(Problem(field, "FILE_EMPTY", {"name": name}))
            continue
        if found := scanning.virus_in(stored):
            problems.append(Problem(field, "FILE_INFECTED", {"name": name, "found": found}))
            continue
        with file.stream.open() as stream:
            kind = files.media_type(stream)
            pages = _pages(stream) if kind == files.PDF else None
        annexes.append(SubmittedFile(DocumentRole.ANNEX, name, kind, stored, pages))
    return tuple(annexes), tuple(problems)


def digest_of(field: str) -> str:
    """The SHA-256 of a file that was sent only to be known; empty where none was. It is dropped afterwards."""
    file = request.files.get(field)
    stored = _stored(file) if file is not None else None
    return stored.sha256 if stored else ""


def _stored(file: FileStorage) -> Stored | None:
    upload: Upload = file.stream  # type: ignore[assignment]
    return upload.stored


def _pages(stream: BinaryIO) -> int | None:
    """Of an annex that claims to be a PDF; one that cannot be opened is still received (TUO 136.1)."""
    try:
        return files.check_pdf(stream)
    except files.UnreadableFile:
        return None
