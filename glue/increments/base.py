"""What a run builds on: the pointer that it will swap, the snapshot whose rows it keeps, and the raw objects to add."""

from dataclasses import dataclass

from glue.arguments import Arguments
from lake import layout
from lake.errors import LakeError
from lake.snapshot import FORMAT, Manifest, Pointer, read_manifest, read_pointer
from lake.storage import Storage


class HeldError(LakeError):
    """Somebody rolled back and holds the lake: nothing is published before `release`."""


@dataclass(frozen=True)
class Ground:
    """`served` is the manifest behind the pointer; `base` the same, or None where all of raw/ is read anew."""

    pointer: Pointer | None
    served: Manifest | None
    base: Manifest | None
    raw_objects: tuple[str, ...]

    @property
    def new_objects(self) -> list[str]:
        """The raw objects that the base has not consumed; they never change."""
        consumed = set(self.base.raw_objects) if self.base else set()
        return [key for key in self.raw_objects if key not in consumed]


def ground_of(arguments: Arguments) -> Ground:
    """The ground as it is now; HeldError where publishing is held."""
    storage = arguments.storage
    pointer = read_pointer(storage)
    refuse_if_held(storage, pointer)
    served = read_manifest(storage, pointer.snapshot) if pointer else None
    keeps = served is not None and served.format == FORMAT and not arguments.rebuild
    return Ground(pointer, served, served if keeps else None, tuple(storage.list(layout.RAW)))


def refuse_if_held(storage: Storage, pointer: Pointer | None) -> None:
    """HeldError where somebody holds the pointer."""
    if pointer and pointer.held:
        raise HeldError(
            f"{storage.url} is held at snapshot {pointer.snapshot} after a rollback; `python -m glue release` lets "
            "runs publish again"
        )
