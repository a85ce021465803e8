"""Files that are read as text, and files that take their place whole: one way for each.

A file is written beside its place and renamed onto it, so an interruption leaves the old one or the new one. A link is
followed, and what is no regular file (a device, a pipe, a folder) is never replaced.
"""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL, EISDIR
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO

from specdec.messages import Message

NEW_FILE = 0o666  # permissions before the process's mask is taken off


def text(raw: bytes) -> str:
    """UTF-8 text as it is typed: without a byte-order mark, every line end a newline. Raises UnicodeDecodeError.

    >>> text(b"\\xef\\xbb\\xbfOnce\\r\\n")
    'Once\\n'
    """
    return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def check_regular(path: str | Path) -> None:
    """Raises OSError for what is no regular file: opening a pipe would wait for a writer."""
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(EINVAL, Message("errors.why_not_regular"))


@contextmanager
def replacing(path: str | Path) -> Iterator[BinaryIO]:
    """A new file that takes the place of `path` when the block ends, and is removed when the block fails.

    It keeps the permissions of the file that it replaces. Raises OSError where the place cannot be written, or is
    taken by what is no regular file.
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
    """The text in UTF-8, in the place of `path` once it is whole. Raises OSError as `replacing` does."""
    with replacing(path) as file:
        file.write(content.encode())


def copy(source: str | Path, path: str | Path) -> None:
    """A copy of `source` in the place of `path`. Raises OSError as `replacing` does."""
    with open(source, "rb") as read, replacing(path) as file:
        shutil.copyfileobj(read, file)


def sync(path: str | Path) -> None:
    """Have a file's contents, or a folder's names, on the disk before anything else is done."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _permissions(place: Path) -> int:
    """Those of the file that is there, else those of any new file: a temporary one is its owner's alone."""
    with suppress(FileNotFoundError):
        return stat.S_IMODE(place.stat().st_mode)
    mask = os.umask(0o077)  # can only be read by setting it
    os.umask(mask)
    return NEW_FILE & ~mask
