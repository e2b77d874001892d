"""The text of a file: unpacks gzip and zip, finds the encoding, and says what a file is that holds no text. No I/O."""

import gzip
import io
import zipfile
import zlib

from ingest.errors import FileError

_MOST = 512 * 1024 * 1024  # bytes after unpacking: far more than all US listings' history of one day's download
_GZIP = b"\x1f\x8b"
_ZIP, _WORKBOOK = b"PK\x03\x04", "[Content_Types].xml"  # every file of Office has it
_AS_CSV = "save it as CSV there and import that"
_OTHER_KINDS = (
    (b"\xd0\xcf\x11\xe0", f"it is an old Excel workbook, not text: open it in Excel; {_AS_CSV}"),
    (b"%PDF", "it is a PDF, not a table: download the data as CSV"),
    (b"PAR1", "it is Parquet, not text: write it as CSV"),
    (b"BZh", "it is compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ", "it is compressed with xz: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "it is compressed with zstd: unpack it first"),
    (b"7z\xbc\xaf", "it is a 7-Zip archive: unpack it first"),
    (b"SQLite format 3", "it is an SQLite database, not text: write the table as CSV"),
)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 4096  # bytes
_FEW_ZEROS = 0.02  # a fraction: fewer are slips in a text, whose rows are left out


def text_of(data: bytes) -> str:
    """The text of a file's bytes, without a byte order mark. FileError for bytes that are no text."""
    content = _unpacked(data) if data.startswith(_GZIP) else _unzipped(data) if data.startswith(_ZIP) else data
    for start, kind in _OTHER_KINDS:
        if content.startswith(start):
            raise FileError(kind)
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileError(f"it is not text in {encoding.removesuffix('-sig').upper()}: save it in UTF-8") from error
    if text.count("\x00", 0, _SAMPLE) > _FEW_ZEROS * len(text[:_SAMPLE]):
        raise FileError("it is a binary file, not text: save it as CSV or JSON in UTF-8")
    return text.removeprefix("\ufeff")


def _unpacked(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            content = packed.read(_MOST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileError("it is a damaged or incomplete gzip file: download it again") from error
    return _of_bearable_size(content)


def _unzipped(data: bytes) -> bytes:
    """The only file of an archive; FileError for several, and for a workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [one.filename for one in archive.infolist() if not one.is_dir() and not _is_of_macos(one.filename)]
            if _WORKBOOK in names:
                raise FileError(f"it is an Excel workbook, not text: open it in Excel; {_AS_CSV}")
            if len(names) != 1:
                raise FileError(f"it is a zip archive of {len(names)} files: unpack it, and import them")
            with archive.open(names[0]) as packed:
                content = packed.read(_MOST + 1)
    # A password is a RuntimeError, and an unknown method of compression a NotImplementedError, which is one too.
    except (zipfile.BadZipFile, OSError, EOFError, zlib.error, RuntimeError) as error:
        raise FileError("it is a zip archive that cannot be read: unpack it first, or download it again") from error
    return _of_bearable_size(content)


def _is_of_macos(name: str) -> bool:
    return name.startswith("__MACOSX/") or name.endswith(".DS_Store")


def _of_bearable_size(content: bytes) -> bytes:
    if len(content) > _MOST:
        raise FileError(f"it is larger than {_MOST // 1024**2} MiB when unpacked: split it")
    if content.startswith((_GZIP, _ZIP)):
        raise FileError("it is compressed twice: unpack it first")
    return content


def _encoding(content: bytes) -> str:
    """The encoding: by the byte order mark, by the zeros that UTF-16 gives to Latin letters, or because UTF-8 fits."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    sample = content[:_SAMPLE]
    for start, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = sample[start::2].count(0)
        if zeros and zeros > 0.8 * len(sample[start::2]) and not sample[1 - start :: 2].count(0):
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        # Excel writes CSV in the encoding of Windows. Numbers, days and tickers are the same in both.
        return "utf-8" if b"\x00" in sample else "cp1252"
    return "utf-8"
