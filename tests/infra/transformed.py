"""The template as CloudFormation receives it: after the SAM transform, which adds resources of its own. Offline."""

import copy
import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from tools.template import template

_PSEUDO = "AWS::"


class _NoManagedPolicies:
    """A loader that SAM asks only where a policy is named, which no role here does."""

    def load(self) -> dict[str, str]:
        return {}


@cache
def transformed() -> dict[str, Any]:
    """The whole template after the transform."""
    from samtranslator.translator.transform import transform  # slow: half a second

    source = copy.deepcopy(template())
    source["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"  # as `sam package` writes it
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        found: dict[str, Any] = transform(source, {}, _NoManagedPolicies())
    return found


def of_type(kind: str) -> dict[str, dict[str, Any]]:
    """The properties of every resource of a type, by logical name."""
    found = transformed()["Resources"].items()
    return {name: one.get("Properties", {}) for name, one in found if one["Type"] == kind}


def size() -> int:
    """Bytes of the template as JSON."""
    return len(json.dumps(transformed()).encode())


def dependencies(name: str) -> set[str]:
    """The logical names of the resources that a resource refers to."""
    resource = transformed()["Resources"][name]
    needed = resource.get("DependsOn", [])
    named = {needed} if isinstance(needed, str) else set(needed)
    return (named | set(_references(resource))) & set(transformed()["Resources"])


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _references(one)
    elif isinstance(value, dict):
        for key, inside in value.items():
            if key == "Ref" and isinstance(inside, str):
                yield inside
            elif key == "Fn::GetAtt":
                yield (inside if isinstance(inside, list) else inside.split("."))[0]
            elif key == "Fn::Sub":
                yield from _in_text(inside)
            else:
                yield from _references(inside)


def _in_text(value: Any) -> Iterator[str]:
    """The names in `${Name}` and `${Name.Arn}` of a Sub."""
    text, given = (value[0], value[1]) if isinstance(value, list) else (value, {})
    yield from _references(list(given.values()))
    for part in text.split("${")[1:]:
        inside = part.split("}")[0]
        if not inside.startswith(("!", _PSEUDO)) and inside not in given:
            yield inside.split(".")[0]
