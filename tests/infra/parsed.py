"""Helpers that read the template's values, and their lines in its text."""

from collections.abc import Iterator
from typing import Any

import yaml

from tools.template import TEMPLATE, Loader, resources


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


def scalars(key: str) -> Iterator[tuple[str, int]]:
    """Every scalar below a key of that name, wherever it stands, with its line from 1."""
    tree = yaml.compose(TEMPLATE.read_text(encoding="utf-8"), Loader=Loader)
    assert tree
    for node in _below(tree, key):
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
    elif isinstance(node, (yaml.SequenceNode, yaml.MappingNode)):
        for child in node.value:
            for inside in child if isinstance(child, tuple) else (child,):
                yield from _leaves(inside)
