"""The page as text. Every value is escaped, every link is relative, so that it holds below any stage."""

from functools import cache
from html import escape
from importlib import resources
from string import Template

from api.models.service import HealthResponse

POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_EXAMPLES = (
    ("What was the daily trading volume of AAPL in the past week?", "prices?tickers=AAPL&range=1w"),
    ("How have NVDA and AMZN changed over three months?", "compare?tickers=NVDA,AMZN&range=3m"),
    (
        "How much more than VOO have QQQ and SCHG returned in six months?",
        "compare?tickers=QQQ,SCHG&range=6m&basis=total",
    ),
    ("How do TSLA and MSFT move from day to day over 100 sessions?", "prices?tickers=TSLA,MSFT&range=100d"),
    ("Which tickers are there?", "tickers"),
    ("How much may one question ask for?", "limits"),
)
_BANNERS = {
    "simulated": "Simulated data. These prices are invented; they are not a market's.",
    "recorded": "Recorded data. A market's prices up to a day in the past; nothing newer arrives.",
}


def page_html(health: HealthResponse) -> str:
    """The whole page for this state of the lake."""
    return _template().substitute(banner=_banner(health), facts=_facts(health), examples=_examples())


@cache
def stylesheet() -> str:
    """The stylesheet, light and dark."""
    return resources.files("api.page").joinpath("style.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    return Template(resources.files("api.page").joinpath("page.html").read_text(encoding="utf-8"))


def _banner(health: HealthResponse) -> str:
    text = health.problem or _BANNERS.get(health.origin or "", "")
    return f'<p class="banner" role="status">{escape(text)}</p>' if text else ""


def _facts(health: HealthResponse) -> str:
    facts = {"As of": health.as_of, "Freshness": _freshness(health), "Snapshot": health.snapshot, "Data": health.origin}
    rows = (
        f"<div><dt>{escape(name)}</dt><dd>{escape(str(value))}</dd></div>" for name, value in facts.items() if value
    )
    return "\n".join(rows)


def _freshness(health: HealthResponse) -> str | None:
    if health.origin == "recorded":
        return "as recorded"  # its clock stands still: nothing about today can be said
    match health.sessions_behind:
        case None:
            return None
        case 0:
            return "up to date"
        case 1:
            return "1 session behind"
        case behind:
            return f"{behind} sessions behind"


def _examples() -> str:
    return "\n".join(
        f'<li><a href="{escape(link)}">{escape(question)}</a><code>/{escape(link)}</code></li>'
        for question, link in _EXAMPLES
    )
