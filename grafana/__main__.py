"""`python -m grafana` builds Grafana's dashboards and alert rules from the panel definitions."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import DashboardLinkPlacement

from grafana.alerts import alert_rules
from grafana.dashboards import market_dashboard, portfolio_dashboard, questions_dashboard
from grafana.plugins import DATA_SOURCES

FOLDER = Path(__file__).parent
ALERT_RULES_FILE = FOLDER / "provisioning" / "alerting" / "bellwether.yaml"


class DashboardEncoder(JSONEncoder):
    """Encodes dashboards whose links and annotations are visible: the SDK's default hides them in a menu."""

    def default(self, obj: Any) -> Any:
        fields = super().default(obj)
        return {name: value for name, value in fields.items() if value != DashboardLinkPlacement.IN_CONTROLS_MENU}


def generated_files() -> Iterator[tuple[Path, str]]:
    """The path and the text of every generated file."""
    built = {"market": market_dashboard, "questions": questions_dashboard, "portfolio": portfolio_dashboard}
    for source in DATA_SOURCES:
        for name, build in built.items():
            # Readable characters and indents, because the files are reviewed as diffs.
            text = json.dumps(build(source), cls=DashboardEncoder, indent=2, ensure_ascii=False)
            yield FOLDER / "dashboards" / f"{name}-{source.name}.json", f"{text}\n"
    yield ALERT_RULES_FILE, alert_rules()


if __name__ == "__main__":
    for path, text in generated_files():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
