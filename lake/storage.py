"""A folder or an S3 prefix behind one small protocol.

Keys are relative to the root, with forward slashes. A write is atomic: readers see all of it or nothing. Whatever must
happen only once (the swap of the pointer, a budget, a snapshot id) uses a conditional write, because the lake has no
server that could hold a lock.
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

from lake.errors import ConflictError, LakeError, NotFoundError, StorageError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_S3_SCHEME = "s3://"
_PATTERN = "{}[]*?\\"
_HIDDEN = "."  # Spark, crawlers and list() skip such names; unfinished writes and locks have them


class Storage(Protocol):
    """The operations that the lake needs of its storage."""

    @property
    def url(self) -> str:
        """The root as Spark takes it, without a slash at its end."""

    def read(self, key: str) -> bytes:
        """The object's bytes; NotFoundError where there is none."""

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        """The object's bytes, and the tag for a conditional write."""

    def write(self, key: str, data: bytes) -> None:
        """Write or replace the object."""

    def write_if(self, key: str, data: bytes, tag: str | None) -> None:
        """Write only if there is no object (`tag` None) or if it still has `tag`; else ConflictError."""

    def list(self, prefix: str) -> Iterator[str]:
        """The keys below `prefix`, a folder's name with its slash, in ascending order."""

    def sizes(self, prefix: str) -> Iterator[tuple[str, int]]:
        """The same keys, each with the bytes of its object."""

    def copy(self, source: str, target: str) -> None:
        """Copy within the lake, on the server."""

    def delete(self, key: str) -> None:
        """Remove one object, if there is one."""

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
    """A lake in a local folder. Conditional writes hold between processes of one machine, not over a network share."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    @property
    def url(self) -> str:
        return str(self._root)

    def read(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise _not_found(self.url, key) from None

    def read_tagged(self, key: str) -> tuple[bytes, str]:
        data = self.read(key)
        return data, _tag(data)

    def write(self, key: str, data: bytes) -> None:
        path = self._path(key)
        with self._unfinished(path, data) as unfinished:
            os.replace(unfinished, path)  # atomic on one file system, which a temporary file elsewhere might not share

    def write_if(self, key: str, data: bytes, tag: str | None) -> None:
        path = self._path(key)
        with self._unfinished(path, data) as unfinished, self._lock(path):
            found = _tag(path.read_bytes()) if path.exists() else None
            if found != tag:
                raise _conflict(self.url, key)
            os.replace(unfinished, path)

    def list(self, prefix: str) -> Iterator[str]:
        for folder, names, files in os.walk(self._path(prefix)):
            names[:] = sorted(name for name in names if not name.startswith(_HIDDEN))
            for name in sorted(files):
                if not name.startswith(_HIDDEN):
                    yield (Path(folder) / name).relative_to(self._root).as_posix()

    def sizes(self, prefix: str) -> Iterator[tuple[str, int]]:
        for key in self.list(prefix):
            yield key, self._path(key).stat().st_size

    def copy(self, source: str, target: str) -> None:
        # A hard link: objects are immutable, so a second name for the same bytes is as good as a copy, and costs
        # nothing.
        path = self._path(target)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        try:
            os.link(self._path(source), path)
        except FileNotFoundError:
            raise _not_found(self.url, source) from None

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
        """The bytes in a hidden file beside `path`, flushed to disk; removed at the end unless it was renamed."""
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
    """A lake below `s3://bucket/prefix`. Needs a boto3 with S3's conditional writes (1.35.69 or later)."""

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
        with self._translated_errors(key):
            answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            return answer["Body"].read(), answer["ETag"]

    def write(self, key: str, data: bytes) -> None:
        with self._translated_errors(key):
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=data)

    def write_if(self, key: str, data: bytes, tag: str | None) -> None:
        with self._translated_errors(key, conditional=True):
            if tag is None:
                self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=data, IfNoneMatch="*")
            else:
                self._client.put_object(Bucket=self._bucket, Key=self._prefix + key, Body=data, IfMatch=tag)

    def list(self, prefix: str) -> Iterator[str]:
        return (key for key, _ in self.sizes(prefix))

    def sizes(self, prefix: str) -> Iterator[tuple[str, int]]:
        # S3 lists at most 1,000 keys a page.
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self._prefix + prefix
        )
        with self._translated_errors(prefix):
            for page in pages:
                for item in page.get("Contents", []):
                    yield item["Key"].removeprefix(self._prefix), item["Size"]

    def copy(self, source: str, target: str) -> None:
        with self._translated_errors(source):
            self._client.copy_object(
                Bucket=self._bucket,
                Key=self._prefix + target,
                CopySource={"Bucket": self._bucket, "Key": self._prefix + source},
            )

    def delete(self, key: str) -> None:
        with self._translated_errors(key):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + key)

    def delete_prefix(self, prefix: str) -> None:
        for key in list(self.list(prefix)):
            self.delete(key)

    @contextlib.contextmanager
    def _translated_errors(self, key: str, *, conditional: bool = False) -> Iterator[None]:
        """Raise S3's errors as LakeError; a failed condition of a conditional write as ConflictError."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except self._client.exceptions.NoSuchKey as error:
            raise (_conflict(self.url, key) if conditional else _not_found(self.url, key)) from error
        except ClientError as error:
            # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
            # 412: the condition does not hold; 404: the object to match is gone; 409: another write is under way.
            if conditional and error.response["ResponseMetadata"]["HTTPStatusCode"] in (404, 409, 412):
                raise _conflict(self.url, key) from error
            raise StorageError(f"{self.url}: S3 refuses {key}: {error}") from error
        except BotoCoreError as error:
            raise StorageError(f"{self.url}: S3 cannot be reached for {key}: {error}") from error


def _s3_client() -> "S3Client":
    import boto3  # a lake in a folder works without it
    from botocore.exceptions import BotoCoreError

    try:
        return boto3.client("s3")
    except BotoCoreError as error:
        raise StorageError(f"S3 cannot be asked: {error}") from error


def _not_found(url: str, key: str) -> NotFoundError:
    return NotFoundError(f"{url}: no {key}")


def _conflict(url: str, key: str) -> ConflictError:
    return ConflictError(f"{url}: {key} was written by another run meanwhile")


def _tag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
