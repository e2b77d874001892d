"""What can be asked, read from the OpenAPI: a path or a parameter that is added is tried without a word here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from api.errors import StoreUnavailableError
from tests.support.client import Client
from tests.support.stores import FailingStore

# Words that lead far into the service, by the name of the parameter. Others are its enum, example or default.
SENSIBLE: Mapping[str, Sequence[str]] = {
    "tickers": ("NVDA", "NVDA,AMZN", "{VOO,QQQ,META}", "TSLA", "NEWCO", "AAPL", "GOOGL"),
    "range": ("1w", "5d", "3m", "100d", "ytd", "max", "1y"),
    "from": ("2026-09-01", "1793491200000", "2026-10-30T00:00:00Z", "2030-01-01"),
    "to": ("2026-11-20", "2026-10-30T23:59:59-04:00"),
    "benchmark": ("VOO", "AMZN", "none"),
    "a": ("META,AMZN", "NVDA"),
    "b": ("VOO,QQQ", "TSLA"),
    "horizon": ("3m", "1m", "5d"),
    "rf": ("0", "0.05", "-0.01"),
}
NEEDS = {"to": {"from": "2026-09-01"}}


@dataclass(frozen=True)
class Parameter:
    """One parameter: `place` is query, path or header; `words` are sensible values."""

    name: str
    place: str
    required: bool
    words: Sequence[str]


@dataclass(frozen=True)
class Operation:
    """A path that is read, and its parameters."""

    path: str
    parameters: tuple[Parameter, ...]

    def __str__(self) -> str:
        return self.path

    def url(self, words: Mapping[str, str]) -> str:
        """The path with its own parameters filled in, sensibly where `words` does not say."""
        url = self.path
        for parameter in self.parameters:
            url = url.replace(f"{{{parameter.name}}}", words.get(parameter.name, parameter.words[0]))
        return url

    def query(self) -> dict[str, str]:
        """The least that has to be asked: the required parameters of the query, sensibly."""
        return {one.name: one.words[0] for one in self.parameters if one.place == "query" and one.required}


@cache
def described() -> dict[str, Any]:
    """The OpenAPI, as a reader of it gets it; no lake is needed for it."""
    return Client.of(FailingStore(StoreUnavailableError("nothing to read"))).json("/openapi.json")


@cache
def operations() -> tuple[Operation, ...]:
    """Every path of the OpenAPI, in its order. All of them are GET."""
    return tuple(
        Operation(path, tuple(map(_parameter, methods["get"].get("parameters", ()))))
        for path, methods in described()["paths"].items()
    )


def every_parameter() -> list[tuple[Operation, Parameter]]:
    """Each parameter of each path."""
    return [(operation, parameter) for operation in operations() for parameter in operation.parameters]


def _parameter(raw: Mapping[str, Any]) -> Parameter:
    name, required = raw["name"], raw.get("required", False)
    words = SENSIBLE.get(name) or _words_of(raw)
    assert words or not required, f"say a sensible value of {name} in SENSIBLE: nothing can be asked without it"
    return Parameter(name, raw["in"], required, tuple(words))


def _words_of(raw: Mapping[str, Any]) -> Sequence[str]:
    schema = raw["schema"]
    given = [raw["example"]] if "example" in raw else []
    default = [schema["default"]] if schema.get("default") is not None else []
    return [str(word) for word in (*schema.get("enum", ()), *given, *schema.get("examples", ()), *default)]
