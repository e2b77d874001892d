from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import handlers
from ingest.errors import CollectError
from lake.universe import universe
from tests.ingest.fakes import recorded_folder


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    feed = recorded_folder(tmp_path / "feed", list(universe()))
    for name in ("ALPHA_VANTAGE_API_KEY", "ALPHA_VANTAGE_KEY_PARAMETER", "FIREHOSE_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FEED", str(feed))
    monkeypatch.setenv("LAKE", str(tmp_path / "lake"))
    return feed


@pytest.mark.parametrize("handler", [handlers.history, handlers.daily])
def test_an_entry_answers_with_the_report(feed: Path, handler: Callable[[object, object], dict[str, object]]) -> None:
    report = handler({}, None)
    assert report["delivered"] == {"prices": 1000, "splits": 10, "dividends": 10}
    assert (report["requests"], report["failures"], report["left"]) == (30, [], [])


def test_failures_fail_the_invocation_after_the_run(feed: Path) -> None:
    (feed / "dividends/META.json").unlink()
    (feed / "splits/VOO.json").unlink()
    with pytest.raises(CollectError) as caught:
        handlers.daily({}, None)
    assert "1000 prices, 9 splits, 9 dividends delivered" in str(caught.value)
    assert "SPLITS of VOO: empty answer" in str(caught.value)
    assert "DIVIDENDS of META: empty answer" in str(caught.value)
