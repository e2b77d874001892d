"""Finds out whose a table's rows are: by its columns, by what the file says elsewhere, by its name, or by --ticker."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from ingest.errors import FileError
from ingest.imports.numbers import shown
from ingest.imports.tables import NumberedRow, Table
from lake.universe import TICKER_PATTERN, Instrument, chosen_file, renamed, universe

_EXCHANGE = re.compile(r"(?:NASDAQ|NYSE|NYSEARCA|NYSE ?ARCA|AMEX|BATS|US|XNAS|XNYS|ARCX)[:.]")
# After the ticker: the country, or the exchange as Bloomberg ("MSFT UW Equity") and Refinitiv (MSFT.O) write it.
_COUNTRY = re.compile(r"[.\-]US$| U[AFNPQRSVW](?: EQUITY)?$|\.(?:O|OQ|N|NYS|K|P|PQ)$")
_CLASS = re.compile(r"[-/_ ](?=[A-Z]$)")  # of shares: BRK-B, BRK/B
_FEW = 0.1  # a fraction of the rows: those of another ticker than the file's name has are slips, and no long file
_SHOWN = 3  # tickers in a message
_SHORTEST_NAME = 4  # letters of a company's name that may be shortened


@dataclass(frozen=True)
class Owned:
    """The rows of a table by ticker. `bad`: rows that name none. `notes`: what the report has to say of others."""

    rows: Mapping[str, Sequence[NumberedRow]]
    notes: Sequence[str] = ()
    bad: Sequence[tuple[int, str]] = ()


def rows_by_ticker(path: PurePath, table: Table, given: str | None) -> Owned:
    """The rows of each ticker, ascending. `given`: the ticker of the command, if it names one.

    FileError where the rows, the file's name and `given` contradict one another, and for a ticker that is not of the
    universe.
    """
    in_name = _in_name(path)
    owned = _by_column(table, in_name)
    owned = _of_earlier_ticker(owned, given)
    said = set(owned.rows) or ({spelled(table.symbol)} if table.symbol.strip() else set())
    for source, tickers in (("its rows say", said), ("its name says", in_name)):
        if given and len(tickers) == 1 and tickers != {given}:
            raise FileError(f"{source} {_listed(tickers)}, and --ticker says {given}")
    if said and in_name and not said & in_name:
        raise FileError(f"its name says {_listed(in_name)}, and its rows say {_listed(said)}: one of the two is wrong")
    owned = _without_slips(owned, in_name)
    if len(owned.rows) > 1:
        return _of_universe(owned, given)
    said = set(owned.rows) or said
    found = said or ({given} if given else in_name)
    former = next((one for ticker in (*said, path.stem.upper()) if (one := renamed(ticker))), None)
    if former and found != {former.ticker}:
        raise FileError(_of_former_ticker(former))
    if len(found) != 1 or not found <= universe().keys():
        raise FileError(
            f"its ticker is {_listed(found) or 'unknown'}: name one of the universe with --ticker, or add it "
            f"to {chosen_file()}"
        )
    return owned if owned.rows else Owned({found.pop(): table.rows})


def _of_earlier_ticker(owned: Owned, given: str | None) -> Owned:
    """Rows that name the earlier ticker of the instrument that the command names are its own."""
    rows = {given if given and (one := renamed(ticker)) and one.ticker == given else ticker: rows
            for ticker, rows in owned.rows.items()}  # fmt: skip
    return Owned(rows, owned.notes, owned.bad) if len(rows) == len(owned.rows) else owned


def _of_former_ticker(one: Instrument) -> str:
    formerly = " and ".join(f"{former.ticker} until {former.until}" for former in one.formerly)
    return (
        f"{one.name}, {one.ticker} today, traded as {formerly}: say --ticker {one.ticker} if its rows are from then, "
        "because the earlier ticker may be another instrument's since"
    )


def _in_name(path: PurePath) -> set[str]:
    """The tickers in a file's name: as a whole, or in its parts, which dots and hyphens separate or belong to."""
    words = (re.split(pattern, path.stem.upper()) for pattern in ("$", "[^A-Z0-9.-]+", "[^A-Z0-9.]+", "[^A-Z]+"))
    parts = ({spelled(word) for word in found} & universe().keys() for found in words)
    return next((found for found in parts if found), set())


def _by_column(table: Table, in_name: set[str]) -> Owned:
    """The rows by the ticker that they name; none where no column says it."""
    place, spell = table.places.get("ticker"), spelled
    place = _unnamed_column(table) if place is None else place
    if place is None:
        companies = {cell: _ticker_of_name(cell.strip(), in_name) for cell in set(table.column("name"))}
        if not any(companies.values()):
            return Owned({})
        place, spell = table.places["name"], lambda text: companies[text] or ""
    rows: defaultdict[str, list[NumberedRow]] = defaultdict(list)
    bad = []
    for number, cells in table.rows:
        if len(cells) <= max(place, *table.places.values()):
            bad.append((number, f"it has {len(cells)} of {table.width} fields"))
        elif ticker := spell(cells[place]):
            rows[ticker].append((number, cells))
        else:
            bad.append((number, "it names no ticker"))
    return Owned(dict(sorted(rows.items())), bad=bad)


def _unnamed_column(table: Table) -> int | None:
    """The column that names several tickers of the universe under a header that is not known; None where none does."""
    unknown = set(range(table.width)) - set(table.places.values())
    return next((place for place in sorted(unknown) if len(_tickers_in(table, place)) > 1), None)


def _tickers_in(table: Table, place: int) -> set[str]:
    """The tickers in a column. Those of one letter may be a code of something else."""
    cells = {cells[place] for _, cells in table.rows if place < len(cells)}
    found = {spelled(cell) for cell in cells if cell.lstrip()[:1].isalpha()}
    return {ticker for ticker in found if len(ticker) > 1} & universe().keys()


def _without_slips(owned: Owned, in_name: set[str]) -> Owned:
    """Without the few rows of tickers that the file's name does not have, where it has others."""
    most = _FEW * sum(map(len, owned.rows.values()))
    slips = {ticker for ticker, rows in owned.rows.items() if in_name and ticker not in in_name and len(rows) <= most}
    bad = [
        (number, f"it is of {_listed([ticker])}, and the name of the file says {_listed(in_name)}")
        for ticker in sorted(slips)
        for number, _ in owned.rows[ticker]
    ]
    kept = {ticker: rows for ticker, rows in owned.rows.items() if ticker not in slips}
    return Owned(kept, owned.notes, [*owned.bad, *bad])


def _of_universe(owned: Owned, given: str | None) -> Owned:
    wanted = [ticker for ticker in owned.rows if (ticker == given if given else ticker in universe())]
    if not wanted:
        raise FileError(
            f"it holds {len(owned.rows)} tickers, {_listed(owned.rows)}, and none of them is "
            + (f"{given}, which --ticker names" if given else f"of the universe: add them to {chosen_file()}")
        )
    others = owned.rows.keys() - set(wanted)
    notes = [f"tickers outside the universe are left out: {_listed(others)}"] if others else []
    return Owned({ticker: owned.rows[ticker] for ticker in wanted}, () if given else notes, owned.bad)


def spelled(text: str) -> str:
    """A ticker as the universe spells it: without the exchange or the country, in capitals."""
    plain = text.strip().upper()
    if plain in universe():
        return plain
    plain = _COUNTRY.sub("", _EXCHANGE.sub("", plain, count=1))
    with_dot = _CLASS.sub(".", plain)
    return with_dot if with_dot in universe() else plain


def _ticker_of_name(name: str, in_name: set[str]) -> str | None:
    """The ticker that a cell in a column of names says: itself, or that of the company; None where neither is known."""
    known, folded = universe(), name.casefold()
    companies = [ticker for ticker, one in known.items() if _is_company(folded, one.name.casefold())]
    if in_name & set(companies):
        return next(iter(in_name & set(companies)))
    if spelled(name) in known:
        return spelled(name)
    if len(companies) == 1:
        return companies[0]
    return name if TICKER_PATTERN.fullmatch(name) else None


def _is_company(name: str, company: str) -> bool:
    return name.startswith(company) or (len(name) >= _SHORTEST_NAME and company.startswith(name))


def _listed(tickers: Iterable[str]) -> str:
    names = sorted(tickers)
    shorter = [name if TICKER_PATTERN.fullmatch(name) else shown(name) for name in names[:_SHOWN]]
    return ", ".join(shorter) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")
