"""The parts of docs/ that a command writes, each between two comments: `<!-- peers -->` and `<!-- /peers -->`."""

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
PAGES = {
    "conversation": "agents.md",
    "costs": "deploying.md",
    "faults": "operating.md",
    "layouts": "importing.md",
    "limits": "api.md",
    "llms": "llms.txt",
    "metrics": "methodology.md",
    "one-liners": "clients.md",
    "peers": "comparison.md",
    "plans": "getting-started.md",
    "portfolio": "comparison.md",
    "tools": "agents.md",
    "sizes": "scaling.md",
    "tables": "tables.md",
    "universes": "scaling.md",
}


def block(name: str, text: str) -> str | None:
    """The text between the comments of a part; None where the page has no such part."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    return found[1] if found else None


def with_block(name: str, text: str, content: str) -> str:
    """The page with that part replaced; ValueError where it has none."""
    if block(name, text) is None:
        page = f"docs/{PAGES[name]}"
        raise ValueError(f"{page} has no place for {name}: add the lines <!-- {name} --> and <!-- /{name} -->")
    whole = f"<!-- {name} -->\n{content}<!-- /{name} -->"
    return re.sub(rf"<!-- {name} -->\n.*?<!-- /{name} -->", lambda _: whole, text, flags=re.DOTALL)


def written(name: str) -> str | None:
    """The part as its page has it now."""
    return block(name, (DOCS / PAGES[name]).read_text(encoding="utf-8"))


def write(name: str, content: str) -> None:
    """Write a part into its page, or report that the page has no place for it, and print it instead."""
    page = DOCS / PAGES[name]
    try:
        page.write_text(with_block(name, page.read_text(encoding="utf-8"), content), encoding="utf-8")
    except ValueError as error:
        print(f"{error}\n{content}")
    else:
        print(f"docs/{PAGES[name]}: the part {name} is written")


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown, blank lines around it: MkDocs reads a table only as a paragraph of its own."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in lines) + "\n"
