"""The part of docs/getting-started.md that shows what the plan says about the S&P 500, on a free and a premium key."""

import tempfile
import textwrap
from datetime import UTC, datetime

from ingest.run import daily_plan
from ingest.settings import settings_of
from lake.universe import choose, chosen_file

UNIVERSE = "sp500.toml"
MOMENT = datetime(2026, 11, 28, 15, tzinfo=UTC)  # a Saturday, before anything is fetched
FIRST = 6  # requests that are shown
WIDTH = 120


def plan_words() -> str:
    """For each key the command, the first requests, and the sentences in full."""
    return "\n" + "\n".join(map(_block, ("free", "premium"))) + "\n"


def _block(vendor: str) -> str:
    before = chosen_file()
    choose(UNIVERSE)
    try:
        with tempfile.TemporaryDirectory() as lake:
            given = {"LAKE": lake, "ALPHA_VANTAGE_API_KEY": "none", "ALPHA_VANTAGE_PLAN": vendor}
            plan = daily_plan(settings_of(given), lambda: MOMENT)
    finally:
        choose(before)
    requests = [f"{one}: {one.why}" for one in plan.requests[:FIRST]]
    more = f"… {len(plan.requests) - FIRST:,} more now, {len(plan.deferred):,} in later runs"
    words = textwrap.wrap(plan.budget or "", WIDTH)
    command = f"UNIVERSE={UNIVERSE} ALPHA_VANTAGE_API_KEY=… ALPHA_VANTAGE_PLAN={vendor} .venv/bin/python -m ingest plan"
    return "\n".join(["```text", f"$ {command}", *requests, more, *words, "```"]) + "\n"
