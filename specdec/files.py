"""Reading text files, and writing files atomically.

A file is written under a temporary name in the same folder and then renamed, so an interruption leaves either the old
file or the new one. Symbolic links are followed; anything but a regular file (a device, a pipe, a folder) is never
replaced.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL, EISDIR
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from specdec.messages import Message

NEW_FILE = 0o666  # permissions of a new file before the process's umask is applied


def text(raw: bytes) -> str:
    """UTF-8 bytes as text, without a byte-order mark and with every line end as a newline. Raises UnicodeDecodeError.

    >>> text(b"\\xef\\xbb\\xbfOnce\\r\\n")
    'Once\\n'
    """
    return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def check_regular(path: str | Path) -> None:
    """Raises OSError for anything but a regular file, since opening a pipe, for instance, would wait for a writer."""
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(EINVAL, Message("errors.why_not_regular"))


@contextmanager
def replacing(path: str | Path) -> Iterator[IO[bytes]]:
    """A temporary file that replaces `path` when the block ends, and is removed when the block fails.

    It gets the permissions of the file that it replaces. Raises OSError if `path` cannot be written, or exists and is
    not a regular file.
    """
    with suppress(FileNotFoundError):
        check_regular(path)
    place = Path(os.path.realpath(path))
    with NamedTemporaryFile(dir=place.parent, prefix=".specdec-", delete=False) as file:
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, _permissions(place))
            file.close()
            os.replace(file.name, place)
        except BaseException:
            file.close()
            with suppress(OSError):
                os.unlink(file.name)
            raise
    with suppress(OSError):  # where folders cannot be read, or cannot be synced
        sync(place.parent)


def write_text(path: str | Path, content: str) -> None:
    """Write a text in UTF-8 to `path`, atomically. Raises OSError as `replacing` does."""
    with replacing(path) as file:
        file.write(content.encode())


def copy(source: str | Path, path: str | Path) -> None:
    """Copy `source` to `path`, atomically. Raises OSError as `replacing` does."""
    with open(source, "rb") as read, replacing(path) as file:
        shutil.copyfileobj(read, file)


def sync(path: str | Path) -> None:
    """Flush a file's contents, or a folder's entries, to the disk (fsync)."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _permissions(place: Path) -> int:
    """The permissions of the existing file, else those of a new file. A temporary file has others: only its owner may
    read it."""
    with suppress(FileNotFoundError):
        return stat.S_IMODE(place.stat().st_mode)
    mask = os.umask(0o077)  # can only be read by setting it
    os.umask(mask)
    return NEW_FILE & ~mask
