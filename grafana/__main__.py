"""`python -m grafana` writes Grafana's dashboards and alert rules anew from the definition of the panels."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DashboardLinkPlacement

from grafana.alerts import alert_rules
from grafana.dashboards import market, questions
from grafana.plugins import SOURCES

HERE = Path(__file__).parent
ALERTS = HERE / "provisioning" / "alerting" / "bellwether.yaml"


class Encoder(JSONEncoder):
    """Leaves links and annotations in sight: by itself the SDK puts them into a menu."""

    def default(self, obj: Any) -> Any:
        found = super().default(obj)
        return {name: value for name, value in found.items() if value != DashboardLinkPlacement.IN_CONTROLS_MENU}


def files() -> Iterator[tuple[Path, str]]:
    """Every file that is built, and its text."""
    for source in SOURCES:
        for name, board in (("market", market(source)), ("questions", questions(source))):
            text = json.dumps(board, cls=Encoder, indent=2, ensure_ascii=False)
            yield HERE / "dashboards" / f"{name}-{source.name}.json", f"{text}\n"
    yield ALERTS, alert_rules()


if __name__ == "__main__":
    for path, text in files():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
