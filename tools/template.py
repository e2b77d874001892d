"""Reads infra/template.yaml as data, with CloudFormation's short tags in their long form."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

TEMPLATE = Path(__file__).resolve().parent.parent / "infra" / "template.yaml"
Properties = dict[str, Any]


class Loader(yaml.SafeLoader):
    """A loader that accepts `!Ref`, `!Sub`, `!GetAtt` and the others."""


def _long_form(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    raise ValueError(f"{tag}: a short tag takes a scalar or a list")


Loader.add_multi_constructor("!", _long_form)


@cache
def template() -> dict[str, Any]:
    """The whole template."""
    found: dict[str, Any] = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=Loader)  # noqa: S506 - a SafeLoader
    return found


def resources(kind: str) -> dict[str, Properties]:
    """The properties of every resource of a type, by logical name."""
    found = template()["Resources"].items()
    return {name: one["Properties"] for name, one in found if one["Type"] == kind}


def default(parameter: str) -> Any:
    """A parameter's default."""
    return template()["Parameters"][parameter]["Default"]
