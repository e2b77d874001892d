"""What a run builds on: the pointer that it will swap, the snapshot that it continues, and the new raw objects."""

from dataclasses import dataclass
from functools import cached_property

from glue.arguments import Arguments
from lake import layout
from lake.errors import LakeError
from lake.snapshot import Manifest, Pointer, read_manifest, read_pointer
from lake.storage import Storage
from lake.tables import RAW_PRICES

# Of a price record: JSON has its eight names and values in full, and gzip leaves a seventh of it.
_BYTES, _BYTES_COMPRESSED = 175, 25


class HeldError(LakeError):
    """Somebody rolled back and holds the lake: nothing is published before `release`."""


@dataclass(frozen=True)
class BaseSnapshot:
    """`served`: the manifest behind the pointer. `manifest`: the same, or None where the run rebuilds from all of raw/.

    `raw_objects`: every key in raw/.
    """

    pointer: Pointer | None
    served: Manifest | None
    manifest: Manifest | None
    raw_objects: tuple[str, ...]

    @property
    def id(self) -> str | None:
        """The id of the snapshot that the run continues; None where it rebuilds."""
        return self.manifest.snapshot if self.manifest else None

    @cached_property
    def new_objects(self) -> list[str]:
        """The raw objects that the base does not contain. Raw objects never change, so a key tells all about one."""
        consumed = self.manifest.contained(self.raw_objects) if self.manifest else ()
        return [key for key in self.raw_objects if key not in consumed]

    def expected_rows(self, storage: Storage) -> int:
        """About how many price rows a run reads: the new records, and of the base the last two years.

        The records are estimated by the bytes of their objects, because counting them would mean to parse them.
        """
        new = set(self.new_objects)
        sizes = storage.sizes(f"{layout.RAW}{RAW_PRICES.name}/")
        records = sum(bytes_ / _bytes_of_a_record(key) for key, bytes_ in sizes if key in new)
        entries = self.manifest.tickers.values() if self.manifest else ()
        last = self.manifest.as_of.year if self.manifest and entries else 0
        return int(records) + sum(len(entry.sessions_in(year)) for entry in entries for year in (last - 1, last))

    @cached_property
    def unseen_objects(self) -> list[str]:
        """The raw objects that the served snapshot does not contain; none where it is too old to be continued."""
        if self.served is None or not self.served.is_continued:
            return []
        seen = self.served.contained(self.raw_objects)
        return [key for key in self.raw_objects if key not in seen]


def read_base_snapshot(arguments: Arguments) -> BaseSnapshot:
    """The base as it is now; HeldError where publishing is held."""
    storage = arguments.storage
    pointer = read_pointer(storage)
    refuse_if_held(storage, pointer)
    served = read_manifest(storage, pointer.snapshot) if pointer else None
    continues = served is not None and served.is_continued and not arguments.rebuild
    return BaseSnapshot(pointer, served, served if continues else None, raw_objects(storage))


def _bytes_of_a_record(key: str) -> int:
    return _BYTES_COMPRESSED if key.endswith(".gz") else _BYTES


def raw_objects(storage: Storage) -> tuple[str, ...]:
    """Every raw object, in order."""
    return tuple(filter(layout.is_raw_object, storage.list(layout.RAW)))


def refuse_if_held(storage: Storage, pointer: Pointer | None) -> None:
    """HeldError where the pointer is held."""
    if pointer and pointer.held:
        raise HeldError(
            f"{storage.url} is held at snapshot {pointer.snapshot} after a rollback; `python -m glue release` lets "
            "runs publish again"
        )
