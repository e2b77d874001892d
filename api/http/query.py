"""A question's own name: what is asked, whichever way it is written. Pure.

Two spellings of one name always have the same answer, on every path: `nvda,amzn`, `{NVDA,AMZN}` and a repeated key;
a `to` at any time of one day; a `to` on any day after as-of. What a path would refuse may get a name too: only
answers are kept under it, so that it is refused again each time.
"""

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import parse_qsl

from api.errors import BadParameterError
from api.http.date_range import parse_day
from api.http.parameters import parse_benchmark, parse_tickers

Name = tuple[str, tuple[tuple[str, str], ...]]

_LISTS = ("tickers", "a", "b")  # may come several times
_SPELLINGS: Mapping[str, Callable[[str], str]] = {
    "range": lambda text: text.strip().lower(),
    "benchmark": parse_benchmark,
    "from": lambda text: parse_day("from", text).isoformat(),
    "to": lambda text: parse_day("to", text).isoformat(),
}


def name_of(path: str, query: bytes, as_of: date) -> Name | None:
    """The name of a path with its raw query string; None where a parameter cannot be understood."""
    pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True)  # as Starlette reads it
    try:
        named = _named(pairs)
    except BadParameterError:
        return None
    return path, tuple(sorted(_clamped(named, as_of.isoformat())))


def _named(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    named = [(name, _SPELLINGS[name](value) if name in _SPELLINGS else value) for name, value in pairs]
    lists = {name: [value for other, value in pairs if other == name] for name in _LISTS}
    plain = [pair for pair in named if pair[0] not in _LISTS]
    return plain + [(name, ",".join(parse_tickers(values, name))) for name, values in lists.items() if values]


def _clamped(named: list[tuple[str, str]], as_of: str) -> list[tuple[str, str]]:
    """The days after as-of are not expected: a `to` there is as-of, but never before `from`. ISO days sort as days."""
    first = max((value for name, value in named if name == "from"), default=as_of)
    latest = max(as_of, first)
    return [(name, min(value, latest) if name == "to" else value) for name, value in named]
