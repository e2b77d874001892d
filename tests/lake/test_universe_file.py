"""What `universe check` finds: one planted fault each, with its line, and all of a file's at once."""

import pytest

from lake.universe_file import FormerTicker, Instrument, faults, instruments

SOUND = '[KO]\nname = "Coca-Cola"\n'
FORMER = SOUND + "formerly = [{}]\n"

FAULTS = [
    ("", "line 1: there is no ticker"),
    ("# nothing\n", "line 1: there is no ticker"),
    ('name = "Coca-Cola"\n' + SOUND, "line 1: name stands in no ticker's table"),
    ("KO = 3\n", "line 1: KO stands in no ticker's table"),
    ("[KO]\n", 'line 1: KO: it has no name; add name = "…"'),
    (SOUND + SOUND, "line 3: KO is in line 1 already"),
    ('["BRK.B"]\nname = "B"\n["BRK-B"]\nname = "B"\n', "line 3: BRK-B is in line 1 already as BRK.B"),
    ('[BRK.B]\nname = "B"\n', 'line 1: BRK.B: write ["BRK.B"], because TOML reads a dot without quotes as two tables'),
    ('["BRK B"]\nname = "B"\n', "line 1: BRK B is no ticker; did you mean BRK.B?"),
    ('["BRK/B"]\nname = "B"\n', "line 1: BRK/B is no ticker; did you mean BRK.B?"),
    ('[ko]\nname = "K"\n', "line 1: ko is no ticker; did you mean KO?"),
    ('[TOOLONGNAME]\nname = "T"\n', "line 1: TOOLONGNAME is no ticker: it is up to 6 capitals or digits"),
    ('["A\'; --"]\nname = "A"\n', "line 1: A'; -- is no ticker"),
    ("[KO]\nname = 3\n", "line 2: KO: name is 3; it is a text in quotes"),
    ('[KO]\nname = " "\n', "line 2: KO: name is ' '; it is a line of 1 to 100 printable characters"),
    ('[KO]\nname = "a\\nb"\n', "line 2: KO: name is 'a\\nb'; it is a line of 1 to 100 printable characters"),
    (SOUND + "sector = true\n", "line 3: KO: sector is True; it is a text in quotes"),
    (SOUND + 'kind = "fund"\n', "line 3: KO: kind is 'fund'; it is one of etf, stock"),
    (SOUND + 'kind = "stock"\ntracks = "S&P 500"\n', "line 4: KO: tracks names the index of an ETF, and kind is stock"),
    (SOUND + 'sectr = "Food"\n', "line 3: KO: sectr is not a key; did you mean sector?"),
    (SOUND + "x = 1\n", "line 3: KO: x is not a key; there are name, kind, sector, tracks, listed, formerly"),
    (SOUND + 'listed = "1962-01-02"\n', "line 3: KO: listed is '1962-01-02'; it is a date without quotes"),
    (SOUND + "listed = 1962-01-02T09:30:00\n", "line 3: KO: listed is '1962-01-02 09:30:00'; it is a date without"),
    (SOUND + "listed = 2026-11-22\n", "line 3: KO: listed is 2026-11-22, on which the market was closed"),
    (SOUND + "listed = 2999-01-04\n", "line 3: KO: listed is 2999-01-04, after"),
    (SOUND + "listed = 2020-13-01\n", "line 3: KO: this is not TOML"),
    (SOUND + "listed\n", "line 3: KO: this is not TOML"),
    (SOUND + 'formerly = "COKE"\n', "line 3: KO: formerly is a list, as in [{"),
    (FORMER.format('{ ticker = "KO", until = 2020-01-02 }'), "line 3: KO: formerly names KO itself"),
    (
        FORMER.format('{ ticker = "ko", until = 2020-01-02 }'),
        "line 3: KO: formerly: 'ko' is no ticker; did you mean KO?",
    ),
    (FORMER.format("{ until = 2020-01-02 }"), "line 3: KO: formerly lacks ticker"),
    (FORMER.format('{ ticker = "COK" }'), "line 3: KO: formerly lacks until, the last session under that ticker"),
    (
        FORMER.format('{ ticker = "COK", until = 2020-01-04 }'),
        "line 3: KO: until is 2020-01-04, on which the market was",
    ),
    (FORMER.format('{ ticker = "COK", until = 2020-01-02, x = 1 }'), "line 3: KO: x is not a key of formerly"),
    (
        FORMER.format('{ ticker = "COK", until = 2020-01-02 }, { ticker = "COC", until = 2020-01-02 }'),
        "line 3: KO: formerly has 2 tickers until 2020-01-02",
    ),
    (
        SOUND + 'listed = 2021-01-04\nformerly = [{ ticker = "COK", until = 2020-01-02 }]\n',
        "line 4: KO: until is 2020-01-02, before listed, 2021-01-04",
    ),
    (
        FORMER.format('{ ticker = "COK", until = 2020-01-02 }')
        + '[PEP]\nname = "P"\nformerly = [{ ticker = "COK", until = 2020-01-02 }]\n',
        "line 6: PEP: KO has COK until 2020-01-02 already",
    ),
]


@pytest.mark.parametrize(("text", "said"), FAULTS)
def test_each_fault_is_named_with_its_line(text: str, said: str) -> None:
    found = faults(text)
    assert len(found) == 1, found
    assert found[0].startswith(said)


def test_all_faults_are_named_at_once() -> None:
    """A table that TOML cannot read hides neither what stands before it nor what stands after it."""
    found = faults('[ko]\nname = "K"\n[PEP]\nname = "P\n[KO]\nname = "K"\nkind = "fund"\n[PEP]\nname = "P"\n')
    assert [one.partition(":")[0] for one in found] == ["line 1", "line 4", "line 5", "line 7", "line 8"]


def test_everything_but_the_name_is_optional() -> None:
    assert instruments(SOUND) == {"KO": Instrument("KO", "Coca-Cola", "stock")}
    assert faults(SOUND) == []


def test_what_tracks_an_index_is_an_etf() -> None:
    assert instruments('[VOO]\nname = "V"\ntracks = "S&P 500"\n')["VOO"].kind == "etf"


def test_former_tickers_may_be_tables_of_their_own_and_are_put_in_order() -> None:
    text = SOUND + "".join(
        f'[[KO.formerly]]\nticker = "{ticker}"\nuntil = {until}\n'
        for ticker, until in (("COK", "2020-01-02"), ("COC", "2010-01-04"))
    )
    assert faults(text) == []
    assert [one.ticker for one in instruments(text)["KO"].formerly] == ["COC", "COK"]
    assert isinstance(instruments(text)["KO"].formerly[0], FormerTicker)
