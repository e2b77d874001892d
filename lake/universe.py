"""The tickers that Bellwether follows: those of the universe file that the process has chosen.

The settings of each deployable read `UNIVERSE` and choose once, when the process starts.
`lake/universes/` has ours.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from lake.errors import LakeError
from lake.universe_file import TICKER_PATTERN, FormerTicker, Instrument, faults, instruments

__all__ = [
    "TICKER_PATTERN",
    "FormerTicker",
    "Instrument",
    "choose",
    "chosen_file",
    "default_universe",
    "fingerprint",
    "renamed",
    "universe",
]

VARIABLE = "UNIVERSE"
DEFAULT = "magnificent.toml"
_FOLDER = "universes"


@dataclass
class _Choice:
    file: str = DEFAULT


_choice = _Choice()


def choose(file: str | None) -> None:
    """Follow the tickers of this file; the default ones where it is None or empty.

    `file`: a path, or the name of a file in `lake/universes/`. LakeError where it cannot be read or has a fault.
    """
    _instruments(file or DEFAULT)
    _choice.file = file or DEFAULT


def chosen_file() -> str:
    """The file as it was chosen: a path, or a name in `lake/universes/`."""
    return _choice.file


def universe() -> dict[str, Instrument]:
    """Every ticker of the chosen file, in its order."""
    return _instruments(_choice.file)


def default_universe() -> dict[str, Instrument]:
    """Every ticker of the default file, whichever is chosen: the API's default tickers are among them."""
    return _instruments(DEFAULT)


def fingerprint() -> str:
    """A digest of the chosen file's text."""
    return hashlib.sha256(read(_choice.file).encode()).hexdigest()[:12]


def renamed(ticker: str) -> Instrument | None:
    """The instrument that traded as `ticker` once and has another one now."""
    return next((one for one in universe().values() if ticker in {former.ticker for former in one.formerly}), None)


@cache
def read(file: str) -> str:
    """The text of a universe file, read once a process. LakeError where there is none."""
    packed = resources.files("lake").joinpath(_FOLDER, Path(file).name)
    try:
        if Path(file).is_file():
            return Path(file).read_text(encoding="utf-8")
        # A function and a job have no folder of their own: there the name alone finds the packed file.
        if packed.is_file():
            return packed.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LakeError(f"{VARIABLE}={file}: the file cannot be read: {error}") from error
    raise LakeError(f"{VARIABLE}={file}: there is no such file, and none of that name in lake/{_FOLDER}/")


@cache
def _instruments(file: str) -> dict[str, Instrument]:
    found = faults(read(file))
    if found:
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        raise LakeError(f"{VARIABLE}={file}: {found[0]}{more}; see all: python -m ingest universe check {file}")
    return instruments(read(file))
