"""Whatever lies in a file of any known layout: it is read or refused in words, never with an exception of Python."""

import json
from pathlib import Path, PurePath
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from ingest.errors import FileError
from ingest.imports.files import read
from tests.hostile.amount import cases

LAYOUTS = Path(__file__).parent.parent / "ingest" / "imports" / "layouts"
FILES = {path.name: path.read_bytes() for path in sorted(LAYOUTS.iterdir())}
TOKENS = [
    *(b"", b"1e308", b"-1e400", b"NaN", b"null", b"\x00", b'"', b"{", b"}", b"[", b"]", b"inf", b"9" * 400, b"true"),
    *(b"99/99/9999", b"20251399", b"1:0", b"/", b",", b";", b"\t", b"\n", b"\r", b"\xff", b"\xc3\xa9", b"Date"),
    *(b"$", b"1,2,3", b"1.2.3", b"1.234.567", b"Jan 99, 2025", b"-99999999999", b"\xed\xa0\x80", b"\\ud800", b"AAPL"),
]
KEYS = [
    *("date", "open", "high", "low", "close", "volume", "o", "h", "l", "c", "v", "t", "T", "symbol", "ticker", "data"),
    *("results", "bars", "chart", "result", "meta", "Meta Data", "2. Symbol", "Time Series (Daily)", "2025-11-20", "0"),
    *("timestamp", "indicators", "quote", "events", "dividends", "splits", "columns", "index", "adjusted", "amount"),
    *("split_factor", "effective_date", "ex_dividend_date", "error", "description", "NVDA"),
]
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(KEYS))
TREES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=3), inner, max_size=7)
    ),
    max_leaves=40,
)


def read_or_refused(name: str, data: bytes) -> None:
    try:
        contents = read(PurePath(name), data)
    except FileError as error:
        said = [str(error)]
    else:
        said = [text for content in contents for text in (*map(str, content.bad), *content.notes)]
        for content in contents:
            assert all(row.low >= 1e-4 and row.high <= 1e7 for row in content.rows)
    for text in said:
        text.encode()  # no half of a surrogate pair, which no terminal can print
        assert "Error(" not in text
        assert "\n" not in text


@st.composite
def spoilt(draw: st.DrawFn, data: bytes) -> bytes:
    """A file in which up to six places are something else."""
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(data)))
        data = data[:place] + draw(st.sampled_from(TOKENS)) + data[place + draw(st.integers(0, 12)) :]
    return data


@pytest.mark.parametrize("name", FILES)
def test_a_spoilt_file_of_any_layout_is_read_or_refused(name: str) -> None:
    @cases(60)
    @hypothesis.given(spoilt(FILES[name]))
    def try_all(data: bytes) -> None:
        read_or_refused(f"NVDA-{name}", data)

    try_all()


@cases(400)
@hypothesis.given(TREES)
def test_any_json_is_read_or_refused(value: Any) -> None:
    read_or_refused("NVDA.json", json.dumps(value).encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("opened", [b"[", b'{"a":', b'{"results":[', b'{"Time Series (Daily)":{"2025-11-20":'])
def test_deep_json_is_refused_in_words(opened: bytes) -> None:
    for depth in (50, 900, 100_000):
        read_or_refused("NVDA.json", opened * depth)
        read_or_refused("NVDA.json", opened * depth + b"1" + b"]" * depth)
    with pytest.raises(FileError, match="nested too deeply"):
        read(PurePath("NVDA.json"), opened * 100_000)
