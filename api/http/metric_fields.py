"""Fields of answers whose descriptions come from the registry of metrics."""

from typing import Any

from pydantic import BaseModel, Field

from api.analytics.registry import REGISTRY


def low_field(slug: str) -> Any:
    """`<slug>_low`: the low end of a metric's interval."""
    return Field(description=REGISTRY[slug].bound_description("low"))


def high_field(slug: str) -> Any:
    """`<slug>_high`: the high end of a metric's interval."""
    return Field(description=REGISTRY[slug].bound_description("high"))


def slugs_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The registered metrics among a model's fields, in their order."""
    return tuple(name for name in model.model_fields if name in REGISTRY)
