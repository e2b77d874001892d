"""`/llms.txt`: every path of OpenAPI with one example, which is answered."""

import re

from tests.hostile.questions import described
from tests.support.client import Client

EXAMPLE = re.compile(r"^- \[(/[^\]]*)\]\(([^)]*)\): (.+)$", re.MULTILINE)


def test_every_path_is_there_with_an_example_that_is_answered(client: Client) -> None:
    response = client.get("/llms.txt")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    found = EXAMPLE.findall(response.text)
    assert sorted(path for path, _, _ in found) == sorted(described()["paths"])
    for path, example, meaning in found:
        assert f"/{example}".startswith(path)
        # The small lake has too little history for some: that too is an answer.
        assert client.get(f"/{example}").status_code in {200, 422}, example
        assert described()["paths"][path]["get"]["summary"] in meaning


def test_it_begins_as_the_format_has_it(client: Client) -> None:
    """https://llmstxt.org: a heading, a summary as a quotation, then sections of links."""
    lines = client.get("/llms.txt").text.splitlines()
    assert lines[0] == "# Bellwether"
    assert lines[2].startswith("> ")
    assert next(line for line in lines if line.startswith("## ")) == "## Market data"
    assert "- [OpenAPI](openapi.json): every path, parameter and field" in lines


def test_an_example_names_what_the_answer_turns_on(client: Client) -> None:
    text = client.get("/llms.txt").text
    assert "(compare?tickers=NVDA,AMZN&range=3m)" in text
    assert "(portfolio?weights=NVDA:0.4,VOO:0.6&range=1y)" in text
    assert "(tickers)" in text
