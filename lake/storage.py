"""A folder or an S3 prefix behind one small protocol.

Keys are relative to the root, with forward slashes. A write is whole or not there; a conditional write is what the
pointer's swap and every "only once" of the lake stand on.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lake.errors import ConflictError, LakeError, NotFoundError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_S3_SCHEME = "s3://"
_PATTERN = "{}[]*?\\"
_HIDDEN = "."  # Spark, crawlers and list() pass over names that begin so: unfinished writes and locks


class Storage(Protocol):
    """What the lake asks of the place it lies in."""

    @property
    def url(self) -> str:
        """The root as Spark and people write it, without a slash at its end."""

    def read(self, key: str) -> bytes:
        """The object's bytes; NotFoundError where there is none."""

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        """The object's bytes and the tag that a conditional write may name."""

    def write(self, key: str, data: bytes) -> None:
        """Write the object whole, over whatever is there."""

    def write_if(self, key: str, data: bytes, tag: str | None) -> None:
        """Write only where nothing is (`tag` None) or where the object still has `tag`; else ConflictError."""

    def list(self, prefix: str) -> Iterator[str]:
        """The keys that begin with `prefix`, a folder's name with its slash, in their order."""

    def copy(self, source: str, target: str) -> None:
        """Copy within the lake, without the bytes passing through here."""

    def delete(self, key: str) -> None:
        """Remove one object; nothing happens where there is none."""

    def delete_prefix(self, prefix: str) -> None:
        """Remove everything below `prefix`."""


def open_storage(lake: str) -> Storage:
    """The storage of `LAKE`: a folder, or `s3://bucket/prefix`."""
    if lake.startswith(_S3_SCHEME):
        return S3Storage(lake)
    if "://" in lake:
        raise LakeError(f"LAKE={lake}: a lake is a folder or s3://bucket/prefix")
    folder = FolderStorage(Path(lake))
    if set(folder.url) & set(_PATTERN):
        raise LakeError(f"LAKE={folder.url}: Spark takes {' '.join(_PATTERN)} for a pattern; choose another folder")
    return folder


class FolderStorage:
    """A lake in a folder of this machine. Conditional writes hold between its processes, not over a network share."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    @property
    def url(self) -> str:
        return str(self._root)

    def read(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise _absent(self.url, key) from None

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        data = self.read(key)
        return data, _tag(data)

    def write(self, key: str, data: bytes) -> None:
        path = self._path(key)
        with self._unfinished(path, data) as unfinished:
            os.replace(unfinished, path)

    def write_if(self, key: str, data: bytes, tag: str | None) -> None:
        path = self._path(key)
        with self._unfinished(path, data) as unfinished, self._lock(path):
            found = _tag(path.read_bytes()) if path.exists() else None
            if found != tag:
                raise _lost(self.url, key)
            os.replace(unfinished, path)

    def list(self, prefix: str) -> Iterator[str]:
        for folder, names, files in os.walk(self._path(prefix)):
            names[:] = sorted(name for name in names if not name.startswith(_HIDDEN))
            for name in sorted(files):
                if not name.startswith(_HIDDEN):
                    yield (Path(folder) / name).relative_to(self._root).as_posix()

    def copy(self, source: str, target: str) -> None:
        # Objects are immutable, so a second name for the same bytes is a copy that costs nothing.
        path = self._path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        try:
            os.link(self._path(source), path)
        except FileNotFoundError:
            raise _absent(self.url, source) from None

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def delete_prefix(self, prefix: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self._path(prefix))

    def _path(self, key: str) -> Path:
        path = (self._root / key).absolute()
        if ".." in Path(key).parts or not path.is_relative_to(self._root):
            raise LakeError(f"{key}: a key stays below the lake's root")
        return path

    @contextlib.contextmanager
    def _unfinished(self, path: Path, data: bytes) -> Iterator[Path]:
        """The bytes in a hidden file beside `path`, on the disk; gone if nobody renamed it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{_HIDDEN}{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            yield Path(name)
        finally:
            Path(name).unlink(missing_ok=True)

    @contextlib.contextmanager
    def _lock(self, path: Path) -> Iterator[None]:
        with open(path.parent / f"{_HIDDEN}{path.name}.lock", "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class S3Storage:
    """A lake below `s3://bucket/prefix`. Needs a boto3 that knows S3's conditional writes (1.35.69 or later)."""

    def __init__(self, url: str, client: "S3Client | None" = None) -> None:
        place = url.removeprefix(_S3_SCHEME).strip("/")
        if not place or url.startswith(f"{_S3_SCHEME}/"):
            raise LakeError(f"LAKE={url}: the bucket's name is missing, as in s3://bucket/prefix")
        self._url = _S3_SCHEME + place
        self._bucket, _, prefix = place.partition("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._client = client or _s3_client()

    @property
    def url(self) -> str:
        return self._url

    def read(self, key: str) -> bytes:
        return self.read_tagged(key)[0]

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        with self._told(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            return answer["Body"].read(), answer["ETag"]

    def write(self, key: str, data: bytes) -> None:
        with self._told(key):
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=data)

    def write_if(self, key: str, data: bytes, tag: str | None) -> None:
        with self._told(key, conditional=True):
            if tag is None:
                self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=data, IfNoneMatch="*")
            else:
                self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=data, IfMatch=tag)

    def list(self, prefix: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        with self._told(prefix):
            for page in pages:
                for item in page.get("Contents", []):
                    yield item["Key"].removeprefix(self._prefix)

    def copy(self, source: str, target: str) -> None:
        with self._told(source):
            self._client.copy_object(
                Bucket=self._bucket,
                Key=self._prefix + target,
                CopySource={"Bucket": self._bucket, "Key": self._prefix + source},
            )

    def delete(self, key: str) -> None:
        with self._told(key):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key)

    def delete_prefix(self, prefix: str) -> None:
        for key in list(self.list(prefix)):
            self.delete(key)

    @contextlib.contextmanager
    def _told(self, key: str, *, conditional: bool = False) -> Iterator[None]:
        """S3's own errors as ours; of a conditional write a lost condition is a conflict."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except self._client.exceptions.NoSuchKey as error:
            raise (_lost(self.url, key) if conditional else _absent(self.url, key)) from error
        except ClientError as error:
            # 412: the condition does not hold; 404: the object to match is gone; 409: another write is under way.
            if conditional and error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 409, 412):
                raise _lost(self.url, key) from error
            raise LakeError(f"{self.url}: S3 refuses {key}: {error}") from error
        except BotoCoreError as error:
            raise LakeError(f"{self.url}: S3 cannot be reached for {key}: {error}") from error


def _s3_client() -> "S3Client":
    import boto3  # only a lake on S3 needs it
    from botocore.exceptions import BotoCoreError

    try:
        return boto3.client("s3")
    except BotoCoreError as error:
        raise LakeError(f"S3 cannot be asked: {error}") from error


def _absent(url: str, key: str) -> NotFoundError:
    return NotFoundError(f"{url}: no {key}")


def _lost(url: str, key: str) -> ConflictError:
    return ConflictError(f"{url}: {key} was written by another run meanwhile")


def _tag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
