"""`python -m ingest universe check FILE`: says everything that is wrong in a universe file, or what is in it."""

import argparse
from collections import Counter
from collections.abc import Iterator

from lake.universe import DEFAULT, read
from lake.universe_file import Instrument, faults, instruments

# The API's default benchmark. Not imported, because a deployable never imports another.
_BENCHMARK = "VOO"


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    check = command.add_subparsers(dest="action", required=True, metavar="action").add_parser(
        "check",
        help="say everything that is wrong in a universe file",
        description="Exit status: 0 nothing, 1 something.",
    )
    check.add_argument("file", metavar="FILE", help=f"a path, or a name in lake/universes/, such as {DEFAULT}")


def findings(file: str) -> tuple[bool, list[str]]:
    """Whether the file can be used, and what to say of it. LakeError where there is no such file."""
    text = read(file)
    found = faults(text)
    if not found:
        return True, list(_about(file, instruments(text)))
    count = "1 fault" if len(found) == 1 else f"{len(found)} faults"
    return False, [*(f"{file}, {fault}" for fault in found), f"{file}: {count}; it cannot be used until they are gone"]


def _about(file: str, known: dict[str, Instrument]) -> Iterator[str]:
    kinds = Counter(one.kind for one in known.values())
    parts = [f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in kinds.most_common()]
    listed = sum(one.listed is not None for one in known.values())
    sectors = len({one.sector for one in known.values() if one.sector})
    yield f"{file}: nothing is wrong; {', '.join(parts)}; {sectors} sectors; {listed} with a day of listing"
    if _BENCHMARK not in known:
        yield (
            f"note: {_BENCHMARK} is not in it, against which the API compares by default: add it, or name another "
            "ticker with benchmark="
        )
