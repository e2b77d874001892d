"""What agents may read besides the tools: the glossary, how each metric is defined, a prompt a question. Pure."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

from api.analytics.metric import Metric
from api.analytics.registry import REGISTRY
from api.errors import BadParameterError, printable
from api.resources.outlook.parameters import default_request
from api.resources.questions.registry import QUESTIONS

GLOSSARY = "bellwether://glossary"
METRICS = "bellwether://metrics"
METRIC_TEMPLATE = "bellwether://metrics/{slug}"
_WORDS = {"span": "the chosen window", "benchmark": "VOO", "horizon": "three months"}
_ANSWER = (
    "Answer with the tool answer_question, name {name}{arguments}. Say first what its warnings say, and whether the "
    "prices are simulated. Give the headline, then the key figures, then the details. Add no figure that the tool did "
    "not give. It is not investment advice."
)
INSTRUCTIONS = (
    "Bellwether answers questions about daily prices of US stocks and ETFs from its own published snapshot. Use "
    "answer_question for one of the five prepared questions, the other tools for figures. Always pass on the warnings "
    "and whether prices are simulated. Ratios are fractions: 0.0123 is 1.23 %. A figure that is null is unknown: never "
    f"guess it. {METRICS} defines every figure. Nothing here is investment advice."
)


class Argument(NamedTuple):
    """An optional argument of a prompt, a text."""

    name: str
    description: str


_TICKERS = Argument("tickers", "Tickers separated by commas, such as NVDA,AMZN")
_RANGE = Argument("range", "Window, such as 3m or 100d")
PROMPTS: Mapping[str, Sequence[Argument]] = {
    "volume": (_TICKERS,),
    "comparison": (_TICKERS, _RANGE),
    "diversification": (_TICKERS, Argument("benchmark", "The ticker to compare with"), _RANGE),
    "outlook": (
        Argument("a", "Basket A, tickers separated by commas"),
        Argument("b", "Basket B, tickers separated by commas"),
        Argument("horizon", "How far ahead, such as 3m"),
        _RANGE,
    ),
    "patterns": (_TICKERS, _RANGE),
}


def wording(name: str) -> str:
    """A question as it is asked when nothing else is said."""
    question, usual = QUESTIONS[name], default_request()
    baskets = {"a": " and ".join(usual.a), "b": " and ".join(usual.b)}
    return question.of(question.tickers, **_WORDS, **baskets)


def prompt(name: str, given: Mapping[str, str]) -> str:
    """The text of a prompt; BadParameterError for an unknown one, or an argument that it does not have."""
    if name not in PROMPTS:
        raise BadParameterError("name", name, "there is no such prompt", f"one of {', '.join(PROMPTS)}")
    known = [one.name for one in PROMPTS[name]]
    unknown = [argument for argument in given if argument not in known]
    if unknown:
        why = f"the prompt {name} has no such argument"
        raise BadParameterError(unknown[0], given[unknown[0]], why, f"it takes {', '.join(known)}")
    chosen = "".join(f", {argument} {printable(value)}" for argument, value in given.items() if value.strip())
    question = "" if chosen else f"{wording(name)}\n\n"
    return question + _ANSWER.format(name=name, arguments=chosen)


@cache
def glossary() -> str:
    """The glossary of the documentation, which is packed with this package."""
    return resources.files("api.mcp").joinpath("glossary.md").read_text(encoding="utf-8")


def metrics() -> str:
    """The definitions of all metrics."""
    return "# Metrics\n\n" + "\n".join(f"- **{slug}**: {metric.description}" for slug, metric in REGISTRY.items())


def read(uri: str) -> str:
    """The text of a resource; BadParameterError where there is none."""
    if uri in {GLOSSARY, METRICS}:
        return glossary() if uri == GLOSSARY else metrics()
    slug = uri.removeprefix(f"{METRICS}/")
    if slug not in REGISTRY:
        bound = f"{GLOSSARY}, {METRICS}, or {METRIC_TEMPLATE} with a name that {METRICS} lists"
        raise BadParameterError("uri", uri, "there is no such resource", bound)
    return _definition(REGISTRY[slug])


def _definition(metric: Metric) -> str:
    return f"# {metric.slug}\n\n{metric.description}\n\nSource: {metric.source}"
