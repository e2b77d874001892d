"""The ETag of an answer: a digest of everything that the answer is made from."""

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from lake.universe import fingerprint

VERSION = "0.2.0"
_PACKAGES = ("api", "lake")


def etag_of(snapshot: str, path: str, query: bytes, *, stale: bool) -> bytes:
    """The ETag of one question's answer. Weak, since the same answer may be sent compressed or not."""
    made_from = repr((snapshot, stale, build_of(Path(__file__).parents[2]), fingerprint(), path, query))
    return b'W/"%b"' % hashlib.sha256(made_from.encode()).hexdigest()[:32].encode()


@cache
def build_of(root: Path) -> str:
    """The version, and a digest of the packages under `root`: their code, and data such as the calendar's table.

    A figure can change with either, and a client that holds the old answer has to get the new one.
    """
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return f"{VERSION}+{digest.hexdigest()[:12]}"


def _files(root: Path) -> Iterator[Path]:
    """Every file that is installed. Compiled code is left out: Python writes it anew, with times in it."""
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                yield path
