"""A document of a store that is no folder, as Python's own streams are: bytes, `with`, seek."""

import io
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError

from hub.core.errors import DocumentMissing, StorageFailure

if TYPE_CHECKING:
    from obstore import ReadableFile


class Remote(io.RawIOBase):
    """Reads raise StorageFailure where the store stops giving, DocumentMissing where it is dropped meanwhile."""

    def __init__(self, file: "ReadableFile") -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        try:
            data = self._file.read(len(buffer))
        except FileNotFoundError as error:
            raise DocumentMissing(str(error)) from error
        except (OSError, BaseError) as error:
            raise StorageFailure(str(error)) from error
        buffer[: len(data)] = bytes(data)
        return len(data)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())
