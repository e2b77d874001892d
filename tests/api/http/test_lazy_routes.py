"""A resource is imported with the first question to it: answered as by an application that has imported all of them."""

from importlib import import_module

import pytest
from fastapi.routing import APIRoute

from api.app import create_app
from api.http.csv_response import RowsRoute
from api.resources.index import JSON_ONLY, MODULES
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from tests.support.client import EVENING, Client


def client_of(store: DuckDBStore, *, lazy: bool) -> Client:
    return Client(create_app(Settings(lake="unused"), store, lambda: EVENING, lazy=lazy))


@pytest.mark.parametrize("module", dict.fromkeys(MODULES.values()))
def test_the_index_has_the_paths_of_each_module(module: str) -> None:
    routes = {route.path: route for route in import_module(module).router.routes if isinstance(route, APIRoute)}
    assert set(routes) == {path for path, its_module in MODULES.items() if its_module == module}
    assert {path for path, route in routes.items() if not isinstance(route, RowsRoute)} == routes.keys() & JSON_ONLY


@pytest.mark.parametrize(
    "path",
    ["/compare?tickers=NVDA", "/prices?tickers=NVDA&format=csv", "/health", "/returns/NVDA", "/compar", "/prices?x=1"],
)
def test_an_answer_does_not_depend_on_what_is_imported(store: DuckDBStore, path: str) -> None:
    eager, lazy = (client_of(store, lazy=one).get(path) for one in (False, True))
    assert (lazy.status_code, lazy.content) == (eager.status_code, eager.content)


def test_the_openapi_document_has_all_paths_in_order(store: DuckDBStore) -> None:
    lazy = client_of(store, lazy=True)
    lazy.get("/volatility?tickers=NVDA")
    found = lazy.get("/openapi.json").json()
    assert list(found["paths"]) == list(MODULES)
    assert found == client_of(store, lazy=False).get("/openapi.json").json()
