"""What a rule has found, as it is reported in the manifest, in `/health` and in the log."""

from collections.abc import Sequence
from dataclasses import dataclass

from glue.quality.rules import Severity


@dataclass(frozen=True)
class Finding:
    """A broken rule: how often, in a sentence, and up to twenty examples of ticker and date."""

    rule: str
    severity: Severity
    count: int
    sentence: str
    examples: tuple[dict[str, str], ...] = ()


def finding(
    rule: str, severity: Severity, count: int, catches: str, examples: Sequence[dict[str, str]] = ()
) -> Finding:
    """A finding with its sentence: the first three places, and how many more there are."""
    places = [f"{example['ticker']} {example['date']}" for example in examples[:3]]
    more = f" and {count - len(places)} more" if count > len(places) else ""
    where = f" ({', '.join(places)}{more})" if places else f" ({count})"
    return Finding(rule, severity, count, f"{catches}{where}", tuple(examples))
