"""Which raw objects a snapshot contains, by their day of arrival, so that a manifest does not grow with their number.

A day that is over has the number of its objects and a digest of their keys. While more may still arrive, a day also
has a short hash of each key.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from lake import layout

# Firehose names an object by the time that its records arrived, and may try for a day to write it.
OPEN_DAYS = timedelta(days=2)
_HASH = 12  # hexadecimal digits: of a million keys two are alike once in 500 times


@dataclass(frozen=True)
class RawDay:
    """The objects that arrived on one day: how many, and a digest of all keys.

    `keys`: a short hash of each, one behind the other; empty where the day is over.
    """

    objects: int
    digest: str
    keys: str = ""


def raw_days(keys: Iterable[str], today: date) -> dict[str, RawDay]:
    """The raw objects `keys` by their ISO day."""
    open_from = (today - OPEN_DAYS).isoformat()
    return {
        day: RawDay(len(found), _digest(found), "".join(map(_short, found)) if day >= open_from else "")
        for day, found in sorted(_by_day(keys).items())
    }


def contained(days: Mapping[str, RawDay], keys: Iterable[str]) -> set[str]:
    """Those of `keys`, all raw objects of the lake, that are among `days`.

    None of a day that was over and has other objects now: which of them are new cannot be told, and to read an object
    twice changes nothing.
    """
    found: set[str] = set()
    for day, listed in _by_day(keys).items():
        known = days.get(day)
        if known is None:
            continue
        if known.digest == _digest(listed):
            found |= set(listed)
        else:
            shorts = {known.keys[start : start + _HASH] for start in range(0, len(known.keys), _HASH)}
            found |= {key for key in listed if _short(key) in shorts}
    return found


def _by_day(keys: Iterable[str]) -> dict[str, list[str]]:
    days: dict[str, list[str]] = {}
    for key in sorted(keys):
        days.setdefault(layout.raw_day_of(key), []).append(key)
    return days


def _digest(keys: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:32]


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:_HASH]
