"""The universe that a deployment packs: `UNIVERSE=my.toml make deploy`.

The file goes into the functions and the Glue release next to ours, and the template's parameter `Universe` has its
name. A later deployment without `UNIVERSE` keeps the stack's.
"""

import os
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "lake" / "universes"
PARAMETER = "Universe"
DEFAULT = "magnificent.toml"  # as the template's; tested


def own_file(environment: Mapping[str, str] = os.environ) -> Path | None:
    """The file that `UNIVERSE` names, where it is none of those that are packed anyway."""
    file = environment.get("UNIVERSE")
    if not file or not Path(file).is_file() or Path(file).resolve().parent == FOLDER:
        return None
    return Path(file).resolve()


def parameter(environment: Mapping[str, str], deployed: str | None) -> dict[str, str]:
    """The template's parameter. `deployed`: the stack's, if there is one. ValueError where it cannot be packed."""
    file = environment.get("UNIVERSE")
    name = Path(file).name if file else deployed or DEFAULT
    if not own_file(environment) and not (FOLDER / name).is_file():
        if file:
            raise ValueError(f"UNIVERSE={file}: there is no such file, and none of that name in lake/universes/")
        raise ValueError(f"the stack's universe is {name}, and lake/universes/ has none: name it, UNIVERSE=…/{name}")
    return {PARAMETER: name}
