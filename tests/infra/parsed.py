"""The template as data: CloudFormation's short tags in their long form, and where each value stands in the text."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
TEMPLATE = ROOT / "infra" / "template.yaml"
Resource = dict[str, Any]


class _Loader(yaml.SafeLoader):
    """Knows `!Ref` and its kin."""


def _long_form(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    name = tag if tag in ("Ref", "Condition") else f"Fn::{tag}"
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        return {name: value.split(".", 1) if tag == "GetAtt" else value}
    if isinstance(node, yaml.SequenceNode):
        return {name: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {name: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _long_form)  # type: ignore[no-untyped-call]


@cache
def template() -> dict[str, Any]:
    """The whole template."""
    found: dict[str, Any] = yaml.load(TEMPLATE.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    return found


def resources(kind: str) -> dict[str, Resource]:
    """The properties of every resource of a type, by logical name."""
    found = template()["Resources"].items()
    return {name: one["Properties"] for name, one in found if one["Type"] == kind}


def default(parameter: str) -> Any:
    """A parameter's default."""
    return template()["Parameters"][parameter]["Default"]


def text_of(value: Any) -> str:
    """A value in one line: `${Name}-x` of a Sub, `X` of a Ref, `X.Arn` of a GetAtt."""
    if isinstance(value, dict):
        ((tag, inside),) = value.items()
        return ".".join(inside) if tag == "Fn::GetAtt" else str(inside)
    return str(value)


def as_list(value: Any) -> list[Any]:
    """A value, or the values of a list."""
    return value if isinstance(value, list) else [value]


def statements(role: str) -> list[dict[str, Any]]:
    """The statements of a role's policies."""
    policies = resources("AWS::IAM::Role")[role]["Policies"]
    return [one for policy in policies for one in policy["PolicyDocument"]["Statement"]]


def scalars(kind: str) -> Iterator[tuple[str, int]]:
    """Every scalar below a key of that name, wherever it stands, with its line from 1."""
    tree = yaml.compose(TEMPLATE.read_text(encoding="utf-8"), Loader=_Loader)
    assert tree
    for node in _below(tree, kind):
        yield from ((leaf.value, leaf.start_mark.line + 1) for leaf in _leaves(node))


def _below(node: yaml.Node, key: str) -> Iterator[yaml.Node]:
    children = node.value if isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) else []
    for child in children:
        for inside in child if isinstance(child, tuple) else (child,):
            yield from _below(inside, key)
        if isinstance(child, tuple) and child[0].value == key:
            yield child[1]


def _leaves(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _leaves(child)
