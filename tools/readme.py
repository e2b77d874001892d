"""The parts of README.md that a command writes, each between two comments: `<!-- peers -->` and `<!-- /peers -->`."""

import re
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def block(name: str, text: str) -> str | None:
    """What stands between the comments of a part; None where README has no such part."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    return found[1] if found else None


def with_block(name: str, text: str, content: str) -> str:
    """README with that part anew; ValueError where it has none."""
    if block(name, text) is None:
        raise ValueError(f"README.md has no place for it: add the lines <!-- {name} --> and <!-- /{name} -->")
    whole = f"<!-- {name} -->\n{content}<!-- /{name} -->"
    return re.sub(rf"<!-- {name} -->\n.*?<!-- /{name} -->", lambda _: whole, text, flags=re.DOTALL)


def write(name: str, content: str) -> None:
    """Write a part into README.md, or say that it has no place for it, and what would stand there."""
    try:
        README.write_text(with_block(name, README.read_text(encoding="utf-8"), content), encoding="utf-8")
    except ValueError as error:
        print(f"{error}\n{content}")
    else:
        print(f"README.md: the part {name} is written")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
