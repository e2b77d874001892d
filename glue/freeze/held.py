"""Records that are held back: as data, in words, and with what to do about each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from glue.merge.restatements import RESPONSE_KEY
from glue.quality.findings import Finding, finding
from glue.quality.rules import NO_PRICE
from lake.snapshot import Frozen

# record: a raw record that broke a rule of its own, and is quarantined; answer: all that one response says of a ticker.
Kind = Literal["bar", "split", "dividend", "answer", "record"]
BAR: Kind = "bar"
SPLIT: Kind = "split"
DIVIDEND: Kind = "dividend"
ANSWER: Kind = "answer"
RECORD: Kind = "record"
BAD_EVENTS = "bad_events"
WITHDRAWN_SPLIT = "withdrawn_split"
WRONG_SPLIT = "wrong_split"
_MAX_EXAMPLES = 20


@dataclass(frozen=True)
class Held:
    """One record that is held back. Every field is text, as it stands in the manifest.

    `date`: the ISO day of the bar or event, or on which the answer was fetched. `value`: the ratio or amount of an
    event. `source` and `fetched_at`: of an answer of which nothing is used.
    """

    ticker: str
    kind: Kind
    date: str
    rule: str
    message: str
    value: str = ""
    source: str = ""
    fetched_at: str = ""

    @classmethod
    def from_dict(cls, raw: Mapping[str, str]) -> "Held":
        """From an entry of a manifest or a report."""
        return cls(**raw)  # type: ignore[arg-type]


@dataclass(frozen=True)
class FreezeRule:
    """Why a record is held back, and what an operator does about it."""

    slug: str
    catches: str
    advice: str


_CORRECT = "import the right {what} with --replace"
_NEXT = "the next answers of the vendor decide by themselves"

FREEZE_RULES: dict[str, FreezeRule] = {
    rule.slug: rule
    for rule in (
        FreezeRule(
            "restated",
            "a later answer moves a published close by more than 0.5 %",
            "Compare both closes with another source. If the published one is right, nothing is to be done: the next "
            "answer that agrees with it ends this. If the new one is right, "
            + _CORRECT.format(what="history")
            + ". Until then the ticker keeps its published rows.",
        ),
        FreezeRule(
            "absurd_price",
            "a price over 4 times or under a quarter of the close before, without a split that explains it",
            f"Nothing, at first: {_NEXT}. It is published once two later answers give the same, and replaced once one "
            f"corrects it. To decide at once, {_CORRECT.format(what='bar')}.",
        ),
        FreezeRule(
            "unexplained_jump",
            "the price moves like a split, and the splits have not been asked for since",
            "Nothing: the splits are requested again, and the bars are published with the next answer about them.",
        ),
        FreezeRule(
            "other_basis",
            "bars that are off by a split of the ticker, between bars that are not",
            f"The source gave these bars on the basis of another day: {_CORRECT.format(what='bars')}.",
        ),
        FreezeRule(
            "implausible_dividend",
            "a dividend above the close before, or a large one that the price does not show",
            "It is not reinvested, prices go on. An answer without it ends this; if it is right, "
            + _CORRECT.format(what="dividends")
            + ".",
        ),
        FreezeRule(
            "implausible_split",
            "a split that the traded price does not show",
            "It is not applied, prices go on. An answer without it, or bars that show it, end this; if it is right, "
            + _CORRECT.format(what="splits")
            + ".",
        ),
        FreezeRule(
            WRONG_SPLIT,
            "a split on whose day the traded price steps by another ratio",
            "It is not applied, and the bars from its day on wait; the splits are requested again. Compare the ratio "
            "with another source. An answer with the right one ends this; if this one is right, "
            + _CORRECT.format(what="splits")
            + ".",
        ),
        FreezeRule(
            WITHDRAWN_SPLIT,
            "a split that the newest answer lacks, older ones have, and the traded price shows",
            "It still counts, prices go on, and the splits are requested again. The next answer that has it ends this; "
            "if it was none, " + _CORRECT.format(what="splits") + ".",
        ),
        FreezeRule(
            BAD_EVENTS,
            "an answer with a split or dividend without a date or a positive value",
            f"The answer before it stays in use. The next sound answer ends this; or {_CORRECT.format(what='events')}.",
        ),
        FreezeRule(
            NO_PRICE,
            "a price below 0.0001 or above 10 million",
            f"The bar is requested again, and published once it is right; or {_CORRECT.format(what='bar')}.",
        ),
    )
}
_OTHER = "The bar is requested again, and published once it is right; or import the right one with --replace."


def frozen_of(held: Iterable[Held]) -> dict[str, Frozen]:
    """By ticker why something of it is held back: of its first record, and how many more there are."""
    by_ticker: dict[str, list[Held]] = {}
    for one in sorted(held, key=lambda one: (one.date, one.kind, one.rule)):
        by_ticker.setdefault(one.ticker, []).append(one)
    return {ticker: _frozen(records) for ticker, records in sorted(by_ticker.items())}


def findings_of_held(held: Sequence[Held]) -> list[Finding]:
    """A finding of severity `freeze` for each rule, with its records as examples."""
    findings = []
    for slug in sorted({one.rule for one in held}):
        records = sorted((one for one in held if one.rule == slug), key=lambda one: (one.ticker, one.date))
        rule = FREEZE_RULES.get(slug)
        findings.append(finding(slug, "freeze", len(records), rule.catches if rule else slug, examples_of(records)))
    return findings


def to_dicts(held: Iterable[Held]) -> list[dict[str, str]]:
    """For a report or the manifest."""
    return [asdict(one) for one in held]


def answers_of(held: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """The responses of which nothing is used, as `glue.merge.restatements.Response`."""
    return [{name: one[name] for name in RESPONSE_KEY} for one in held if one["kind"] == ANSWER]


def days_of(kind: Kind, held: Iterable[Held]) -> dict[str, list[str]]:
    """By ticker the days of the records of one kind."""
    days: dict[str, list[str]] = {}
    for one in held:
        if one.kind == kind:
            days.setdefault(one.ticker, []).append(one.date)
    return days


def examples_of(held: Iterable[Held]) -> list[dict[str, str]]:
    """The first records as examples of a finding."""
    return [{"ticker": one.ticker, "date": one.date, "detail": one.message} for one in [*held][:_MAX_EXAMPLES]]


def _frozen(records: Sequence[Held]) -> Frozen:
    first, more = records[0], len(records) - 1
    tail = f" (and {more} more {'record' if more == 1 else 'records'} held back)" if more else ""
    rule = FREEZE_RULES.get(first.rule)
    return Frozen(first.rule, first.date, first.message + tail, rule.advice if rule else _OTHER)
