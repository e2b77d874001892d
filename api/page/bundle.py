"""One script of the page's modules, so that a browser asks once instead of sixteen times.

A new AWS account runs ten functions at once, and each request for a file may start one. Each module becomes a function
that gives back what it exports, in the order of the imports; the last one, main.js, may await. That is what the page
uses of ES modules, and anything else of them is refused.
"""

import re
from collections.abc import Iterator
from pathlib import Path

_IMPORT = re.compile(
    r'^import (?:\{ (?P<names>\w+(?:, \w+)*) \}|(?P<whole>\w+)) from "\./(?P<module>[\w.]+)";$', re.MULTILINE
)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (?P<name>\w+))", re.MULTILINE)
_OTHER = re.compile(r"^\s*(?:import|export)\b.*$", re.MULTILINE)


def bundle(entry: Path, data: dict[str, Path]) -> str:
    """The script of `entry` with all that it imports. `data`: JSON files by the name under which they are imported."""
    parts = [_wrapped(path, data) for path in _in_order(entry, data)]
    return "\n".join([*parts, _linked(entry, data)])


def _in_order(entry: Path, data: dict[str, Path]) -> list[Path]:
    """What `entry` imports, directly and indirectly, each before whatever imports it."""
    found: dict[Path, None] = {}

    def visit(path: Path, above: tuple[Path, ...]) -> None:
        if path in above:
            raise ValueError(f"{path.name} imports itself by way of {above[-1].name}; the page's modules form no cycle")
        for target in _imports(path, data):
            if target not in found:
                visit(target, (*above, path))
                found[target] = None

    visit(entry, ())
    return list(found)


def _imports(path: Path, data: dict[str, Path]) -> Iterator[Path]:
    if path.suffix == ".js":
        for found in _IMPORT.finditer(path.read_text(encoding="utf-8")):
            yield data.get(found["module"], path.with_name(found["module"]))


def _wrapped(path: Path, data: dict[str, Path]) -> str:
    """A module as a constant with its exports."""
    text = _linked(path, data)
    if path.suffix == ".json":
        return f"const {_name(path)} = {text.strip()};"
    exports = ", ".join(found["name"] for found in _EXPORT.finditer(path.read_text(encoding="utf-8")))
    return f"const {_name(path)} = (() => {{\n{text}\nreturn {{ {exports} }};\n}})();"


def _linked(path: Path, data: dict[str, Path]) -> str:
    """The text of a module, whose imports are constants of the bundle."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".js":
        return text

    def constant(found: re.Match[str]) -> str:
        target = _name(data.get(found["module"], Path(found["module"])))
        return f"const {{ {found['names']} }} = {target};" if found["names"] else f"const {found['whole']} = {target};"

    linked = _EXPORT.sub("", _IMPORT.sub(constant, text))
    other = _OTHER.search(linked)
    if other:
        raise ValueError(f"{path.name}: {other.group().strip()!r} is no import or export that the page's bundle knows")
    return linked


def _name(path: Path) -> str:
    return "_" + re.sub(r"\W", "_", path.name)
