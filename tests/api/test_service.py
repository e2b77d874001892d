"""`/docs` and `/openapi.json`, and what all answers share."""

from pathlib import Path
from typing import Any

from api.resources.questions.registry import QUESTIONS
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import SNAPSHOT
from tests.support.client import Client


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
        *(
            "/outlook",
            "/outlook/calibration",
            "/outlook/record",
            "/questions",
            *(f"/questions/{name}" for name in QUESTIONS),
        ),
        *("/tickers", "/snapshots", "/health", "/limits", "/portfolio", "/returns/calendar", "/returns/drawdowns"),
    }
    for path, methods in paths.items():
        filled = {one["name"]: example(one) for one in methods["get"].get("parameters", []) if example(one) is not None}
        response = client.get(path, filled)
        assert response.status_code == 200, (path, filled, response.text)


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
    """What Swagger UI fills in: the example, else the default."""
    return parameter.get("example", parameter["schema"].get("default"))
