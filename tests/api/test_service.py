"""`/tickers`, `/health`, `/docs` and `/openapi.json`."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.resources.questions.registry import QUESTIONS
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import SNAPSHOT, History, publish, write_raw, write_refusal
from benchmarks.support.markets import LAST, SESSIONS, walk
from lake import layout
from tests.support.client import EVENING, Client

REFUSAL = {
    "run": "20261121T010000Z",
    "at": "2026-11-21T01:00:10Z",
    "findings": [
        {
            "rule": "restated",
            "severity": "block",
            "count": 1,
            "sentence": "1 close differs from the published one by more than 0.5 %",
            "examples": [{"ticker": "NVDA", "date": "2026-11-20", "detail": "180.1 was 178.9"}],
        }
    ],
}


def health(root: Path, now: datetime) -> dict[str, Any]:
    store = DuckDBStore(root)
    try:
        return Client.of(store, now).json("/health")
    finally:
        store.close()


def test_tickers(client: Client) -> None:
    rows = {row["value"]: row for row in client.json("/tickers")["rows"]}
    assert list(rows)[:3] == ["VOO", "QQQ", "SCHG"]
    voo = rows["VOO"]
    assert (voo["text"], voo["tracks"], voo["listed"]) == ("VOO · Vanguard S&P 500 ETF", "S&P 500", "2010-09-09")
    assert (voo["published"], voo["first"], voo["last"], voo["sessions"]) == (True, str(SESSIONS[0]), str(LAST), 300)
    assert (rows["AAPL"]["published"], rows["AAPL"]["reason"]) == (False, "its splits are unknown")
    assert rows["MSFT"]["reason"] == "no session of it has arrived"
    assert (rows["NEWCO"]["text"], rows["NEWCO"]["name"]) == ("NEWCO", None)


@pytest.mark.parametrize(
    ("now", "behind"),
    [
        (datetime(2026, 11, 20, 20, 59, tzinfo=UTC), 0),  # Friday, a minute before the bell of the session held
        (datetime(2026, 11, 23, 20, 59, tzinfo=UTC), 0),  # Monday, a minute before the bell
        (datetime(2026, 11, 23, 21, 0, tzinfo=UTC), 1),
        (datetime(2026, 11, 27, 18, 0, tzinfo=UTC), 4),  # Friday after Thanksgiving: 13:00, no Thursday
    ],
)
def test_sessions_behind(root: Path, now: datetime, behind: int) -> None:
    body = health(root, now)
    assert (body["status"], body["snapshot"], body["as_of"]) == ("ok", SNAPSHOT, str(LAST))
    assert (body["published_at"], body["sessions_behind"]) == ("2026-11-21T01:30:05Z", behind)
    assert (body["last_refusal"], body["problem"]) == (None, None)


def test_a_new_snapshot_that_cannot_be_read_is_the_problem_of_health(root: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(root, lake)
    store, now = DuckDBStore(lake), 0.0
    client = Client(create_app(Settings(lake="unused"), store, lambda: EVENING, lambda: now))
    question = {"tickers": "VOO", "range": "5d"}
    assert client.get("/prices", question).status_code == 200
    newer = "20261124T013005Z"
    shutil.copytree(lake / layout.snapshot(SNAPSHOT), lake / layout.snapshot(newer))
    shutil.rmtree(lake / layout.table(newer, "daily_prices"))
    write_raw(lake, layout.POINTER, f'{{"snapshot": "{newer}"}}')
    now = 60.0
    assert client.json("/prices", **question)["meta"]["stale"]
    body = client.json("/health")
    assert (body["status"], body["snapshot"]) == ("ok", SNAPSHOT)
    assert newer in body["problem"]
    store.close()


def test_a_recorded_lake_is_never_behind(tmp_path: Path) -> None:
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS[:5], 100))}, origin="recorded")
    assert health(tmp_path, datetime(2026, 11, 23, tzinfo=UTC))["sessions_behind"] == 0


def test_the_last_refusal_is_told(tmp_path: Path) -> None:
    write_refusal(tmp_path, REFUSAL)
    body = health(tmp_path, datetime(2026, 11, 23, tzinfo=UTC))
    assert (body["status"], body["last_refusal"]) == ("empty", REFUSAL)


@pytest.mark.parametrize(
    ("key", "data", "status"),
    [
        (layout.POINTER, "not json", "unavailable"),
        (layout.POINTER, '{"snapshot": 7}', "unavailable"),
        (layout.POINTER, '{"snapshot": "20991231T000000Z"}', "unavailable"),
        (layout.manifest(SNAPSHOT), "[]", "unavailable"),
        (layout.manifest(SNAPSHOT), '{"tickers": {"VOO": 1}}', "unavailable"),
        (layout.LAST_REFUSAL, "{", "ok"),
        (layout.LAST_REFUSAL, '{"run": 1}', "ok"),
    ],
)
def test_a_broken_lake_is_told_and_not_raised(tmp_path: Path, key: str, data: str, status: str) -> None:
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS, 100))})
    write_raw(tmp_path, key, data)
    body = health(tmp_path, datetime(2026, 11, 23, tzinfo=UTC))
    assert body["status"] == status
    assert body["problem"]
    store = DuckDBStore(tmp_path)
    assert Client.of(store).get("/").status_code == 200
    assert Client.of(store).get("/prices", {"tickers": "VOO"}).status_code == (200 if status == "ok" else 503)
    store.close()


def test_missing_files_of_a_snapshot_are_503(tmp_path: Path) -> None:
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS, 100))})
    for file in tmp_path.rglob("*.parquet"):
        file.unlink()
    store = DuckDBStore(tmp_path)
    assert Client.of(store).get("/prices", {"tickers": "VOO"}).status_code == 503
    store.close()


def test_swagger_needs_no_internet(client: Client) -> None:
    page = client.get("/docs")
    assert page.status_code == 200
    assert "https://" not in page.text
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert f'"/static-offline-docs/{asset}"' in page.text
        assert client.get(f"/static-offline-docs/{asset}").status_code == 200


def test_below_a_stage_every_address_carries_it(store: DuckDBStore) -> None:
    client = Client.of(store, root_path="/prod")
    page = client.get("/prod/docs").text
    assert "'/prod/openapi.json'" in page
    for path in ("/prod/static-offline-docs/swagger-ui.css", "/static-offline-docs/swagger-ui.css"):
        assert client.get(path).status_code == 200
    assert client.json("/prod/openapi.json")["servers"] == [{"url": "/prod"}]
    assert client.json("/prod/compare", tickers="VOO")["meta"]["snapshot"] == SNAPSHOT
    assert client.json("/compare", tickers="VOO")["meta"]["snapshot"] == SNAPSHOT


def test_try_it_out_works_with_the_examples_given(client: Client) -> None:
    paths = client.json("/openapi.json")["paths"]
    assert set(paths) == {
        *("/prices", "/compare", "/returns", "/volatility", "/seasonality", "/events", "/sentiment"),
        *("/outlook", "/outlook/calibration", "/questions", *(f"/questions/{name}" for name in QUESTIONS)),
        *("/tickers", "/snapshots", "/health", "/limits"),
    }
    for path, methods in paths.items():
        filled = {one["name"]: example(one) for one in methods["get"].get("parameters", []) if example(one) is not None}
        response = client.get(path, filled)
        assert response.status_code == 200, (path, filled, response.text)


def test_the_document_announces_problems_as_they_come(client: Client) -> None:
    for path, methods in client.json("/openapi.json")["paths"].items():
        responses = methods["get"]["responses"]
        assert set(responses) == {"200", "4XX", "503"}, path
        schema = responses["4XX"]["content"]["application/problem+json"]["schema"]
        assert set(schema["required"]) <= set(client.get(path, {"nonsense": "1"}).json()) <= set(schema["properties"])


def test_every_answer_is_an_envelope_that_says_simulated(root: Path) -> None:
    simulated = DuckDBStore(root)
    client = Client.of(simulated)
    for path, query in (
        ("/prices", {"tickers": "VOO"}),
        ("/compare", {"tickers": "VOO"}),
        ("/tickers", {}),
        ("/limits", {}),
        ("/snapshots", {}),
        ("/events", {"tickers": "VOO"}),
        ("/sentiment", {"tickers": "VOO"}),
    ):
        body = client.json(path, **query)
        assert {"meta", "summary", "rows", "warnings"} <= set(body)
        assert body["meta"]["simulated"] is True
        assert "simulated" in body["warnings"][0]
    assert client.json("/health")["simulated"] is True
    simulated.close()


def example(parameter: dict[str, Any]) -> Any:
    """What Swagger UI fills in: the first example, else the default."""
    examples = list(parameter.get("examples", {}).values())
    return examples[0]["value"] if examples else parameter["schema"].get("default")
