"""Numbers as files write them: `1,234,567`, `$181.50`, `1.23M`, `184,40`. No I/O.

Whether a comma or a dot is the decimal mark is decided once for a file, because `1,234` alone does not tell.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from ingest.errors import FileError

Mark = Literal[".", ","]

NO_VALUE = frozenset({"", "-", "--", "null", "none", "nan", "na", "n/a", "#n/a", "nd", "n/d", "."})

DOLLARS = frozenset({*(text.upper() for text in NO_VALUE), "USD", "US$", "$", "US DOLLAR"})  # what a currency may be

_UNITS = {"": 0, "K": 3, "M": 6, "B": 9, "T": 12}  # powers of ten
_ROUNDING_UNITS = frozenset(_UNITS) - {""}
_CURRENCIES = re.compile(r"[€£¥₹₩₽₿]|\b(?:EUR|GBP|GBX|JPY|CHF|CAD|AUD|HKD|PLN|INR|CNY)\b|\b(?:C|CA|A|AU|HK)\$")
# [0-9] and not \d, because \d and float() also take the digits of other scripts; float() takes underscores too.
_PATTERN = (
    r"(?P<sign>[+-]?)(?:US)?\$?\ ?"
    r"(?P<whole>[0-9]+|[0-9]{{1,3}}(?:(?P<by>[{thousands}'’\ \u00a0\u202f])[0-9]{{3}})(?:(?P=by)[0-9]{{3}})*)?"
    r"(?:{mark}(?P<fraction>[0-9]*))?(?P<exponent>[eE][+-]?[0-9]{{1,4}})?\ ?(?P<unit>[KMBTkmbt]?)(?:\ ?USD)?"
)
_NUMBER: dict[Mark, re.Pattern[str]] = {
    ".": re.compile(_PATTERN.format(mark=r"\.", thousands=",")),
    ",": re.compile(_PATTERN.format(mark=",", thousands=r"\.")),
}
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")  # most numbers, which need no more
_VOTER = re.compile(r"[+-]?(?:US)?\$?([0-9.,]*)[KMBTkmbt]?")


@dataclass(frozen=True)
class Numbers:
    """Reads the numbers of one file, whose decimal mark is `mark`."""

    mark: Mark

    def read(self, name: str, text: str) -> float:
        """The number; it may be infinite. ValueError, which names the column and the text, for anything else."""
        if self.mark == "." and _PLAIN.fullmatch(text):
            return float(text)
        found = _NUMBER[self.mark].fullmatch(text.strip())
        if found is None or not (found["whole"] or found["fraction"]):
            reason = "is not in USD" if _CURRENCIES.search(text) else "is not a number"
            raise ValueError(f"{name} {shown(text)} {reason}")
        whole = re.sub(r"[^0-9]", "", found["whole"] or "0")
        # The unit goes into the exponent, because 32.69 times a million is not a whole number in binary.
        exponent = int((found["exponent"] or "e0")[1:]) + _UNITS[found["unit"].upper()]
        return float(f"{found['sign']}{whole}.{found['fraction'] or '0'}e{exponent}")

    def is_rounded(self, text: str) -> bool:
        """Whether a number is given in thousands or millions, as `1.23M` is."""
        return text.strip()[-1:].upper() in _ROUNDING_UNITS


def numbers_of(prices: Iterable[str], others: Iterable[str]) -> Numbers:
    """How a file writes numbers, from its cells with prices and those with other numbers.

    FileError where a comma may be either mark in its prices.
    """
    votes: Counter[Mark] = Counter()
    doubtful = None
    for text, count in Counter(prices).items():
        vote = _vote(text)
        if vote:
            votes[vote] += count
        elif "," in text and _VOTER.fullmatch(text.strip()):
            doubtful = text
    votes.update(vote for text in others if (vote := _vote(text)))
    if not votes and doubtful is not None:
        raise FileError(
            f"its prices are such as {shown(doubtful)}, and nothing in the file says whether the comma separates "
            "thousands or decimals: save it with decimal points and without separators of thousands"
        )
    return Numbers("," if votes[","] > votes["."] else ".")


def _vote(text: str) -> Mark | None:
    """The decimal mark that a number shows; None where it may be either, as in `1,234`."""
    found = _VOTER.fullmatch(text.strip())
    if not found:
        return None
    marks = [sign for sign in found[1] if sign in ".,"]
    if not marks:
        return None
    last: Mark = "." if marks[-1] == "." else ","
    other: Mark = "," if last == "." else "."
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return other
    before, _, after = found[1].partition(last)
    grouped = len(after) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")
    return None if grouped else last


def shown(text: str) -> str:
    """A text of the file, as a message quotes it."""
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
