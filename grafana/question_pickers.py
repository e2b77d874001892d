"""What each of the five questions may be asked of: its own pickers, which start as the question is usually asked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from api.resources.outlook.parameters import default_request
from api.resources.questions.registry import QUESTIONS

BENCHMARK, HORIZON = "benchmark", "horizon"
HORIZONS = ("2w", "1m", "3m", "6m")
DEFAULT_HORIZON = "3m"


class TickersPicker(NamedTuple):
    """Picks the tickers of one parameter. `variable` is its name in Grafana, `default` what the question is of."""

    parameter: str
    variable: str
    label: str
    default: Sequence[str]


def _pickers() -> Iterator[tuple[str, TickersPicker]]:
    labels = {"volume": "1 Volume of", "comparison": "2 Compare", "diversification": "3 Against the benchmark"}
    labels["patterns"] = "5 Volatility of"
    for name, label in labels.items():
        yield name, TickersPicker("tickers", f"{name}_tickers", label, QUESTIONS[name].tickers)
    usual = default_request()
    for parameter, label, basket in (("a", "4 Basket A", usual.a), ("b", "4 Basket B", usual.b)):
        yield "outlook", TickersPicker(parameter, f"basket_{parameter}", label, basket)


def tickers_pickers() -> list[TickersPicker]:
    """All of them, in the order of the questions."""
    return sorted((picker for _, picker in _pickers()), key=lambda picker: picker.label)


def question_parameters(name: str) -> tuple[tuple[str, str], ...]:
    """The parameters of a question, with Grafana's variables as values."""
    tickers = tuple((one.parameter, f"${{{one.variable}:csv}}") for of, one in _pickers() if of == name)
    more: Mapping[str, tuple[tuple[str, str], ...]] = {
        "diversification": ((BENCHMARK, f"${{{BENCHMARK}}}"),),
        "outlook": ((HORIZON, f"${{{HORIZON}}}"),),
    }
    return tickers + more.get(name, ())
