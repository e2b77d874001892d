"""Which bars and events of a ticker are held back, bar by bar. Figures are of the cases' files or made by hand."""

from datetime import date

import pytest

from glue.freeze.held import Held
from glue.freeze.judge import Answer, Bar, TickerRecords, is_known_since, judge
from lake import calendar
from lake.splits import may_be_a_split

DAYS = tuple(calendar.sessions_back(date(2025, 11, 21), 30))
EARLY = "2025-11-01T00:00:00.000000Z"  # the splits were asked for before the bars came
Events = tuple[tuple[date, float], ...]


def bars(*closes: float, **source: str) -> list[Bar]:
    """Bars of the last sessions, a per cent wide."""
    days = DAYS[-len(closes) :]
    return [
        Bar(day, close, close * 1.01, close * 0.99, close, **source) for day, close in zip(days, closes, strict=True)
    ]


def held(
    closes: list[float],
    splits: Events = (),
    dividends: Events = (),
    answers: dict[date, list[Answer]] | None = None,
    splits_seen: str = EARLY,
) -> list[Held]:
    records = TickerRecords("QQQ", bars(*closes), splits, dividends, answers or {}, splits_seen=splits_seen)
    return judge(records)


def found(one: list[Held]) -> list[tuple[str, str]]:
    return [(record.date, record.rule) for record in one]


def given(day: date, close: float, *hours: int) -> dict[date, list[Answer]]:
    return {day: [Answer(f"{day}T{hour}:00:00.000000Z", "alpha_vantage", close) for hour in hours]}


CALM = [620.0, 622.0, 618.0, 624.65]


@pytest.mark.parametrize("price", [249424.0, 2500.0, 6.2, 155.0])
def test_an_absurd_bar_is_held_back_alone(price: float) -> None:
    """Over four times the close before, or under a quarter; the bars after it are compared with the good one."""
    (one,) = held([*CALM, price, 621.11])
    assert (one.ticker, one.kind, one.date, one.rule) == ("QQQ", "bar", str(DAYS[-2]), "absurd_price")
    assert f"{DAYS[-2]}" in one.message
    assert "624.65" in one.message


def test_a_high_alone_is_absurd_too() -> None:
    wild = [*bars(*CALM, 623.56)]
    wild[-1] = Bar(DAYS[-1], 623.0, 249424.0, 620.0, 623.56)
    (one,) = judge(TickerRecords("QQQ", wild))
    assert "249424 after a close of 624.65" in one.message


def test_a_true_rise_of_41_per_cent_is_published() -> None:
    """TSLA on 2025-11-20, as the case has it: 379.46 to 535.04."""
    assert held([375.0, 380.0, 378.0, 379.46, 535.04]) == []


def test_two_later_answers_confirm_an_absurd_bar() -> None:
    day = DAYS[-1]
    assert found(held([*CALM, 3000.0], answers=given(day, 3000.0, 10))) == [(str(day), "absurd_price")]
    assert found(held([*CALM, 3000.0], answers=given(day, 3000.0, 10, 11))) == [(str(day), "absurd_price")]
    assert found(held([*CALM, 3000.0], answers=given(day, 3000.0, 10, 10, 10))) == [(str(day), "absurd_price")]
    assert held([*CALM, 3000.0], answers=given(day, 3000.0, 10, 11, 12)) == []


def test_an_answer_with_another_close_confirms_nothing() -> None:
    answers = given(DAYS[-1], 3000.0, 10, 11)
    answers[DAYS[-1]].append(Answer("2025-11-21T12:00:00.000000Z", "alpha_vantage", 3050.0))
    assert len(held([*CALM, 3000.0], answers=answers)) == 1


def test_after_a_confirmed_spike_the_old_level_is_good() -> None:
    assert held([*CALM, 3000.0, 621.0], answers=given(DAYS[-2], 3000.0, 10, 11, 12)) == []


def test_a_new_level_follows_its_first_confirmed_bar() -> None:
    answers = given(DAYS[-2], 3000.0, 10, 11, 12)
    assert held([*CALM, 3000.0, 3010.0], answers=answers) == []
    assert [day for day, _ in found(held([*CALM, 3000.0, 3010.0]))] == [str(DAYS[-2]), str(DAYS[-1])]


def test_an_operators_bar_is_believed() -> None:
    rows = [*bars(*CALM, 3000.0)]
    rows[-1] = Bar(DAYS[-1], 3000.0, 3000.0, 3000.0, 3000.0, "replace:QQQ.csv")
    assert judge(TickerRecords("QQQ", rows)) == []


def test_a_split_explains_an_absurd_step() -> None:
    """AMZN 20:1: 2447.00 on 2022-06-03 and 124.79 on 06-06."""
    assert held([2400.0, 2450.0, 2430.0, 2447.0, 124.79], splits=((DAYS[-1], 20.0),)) == []


def test_a_wrong_first_bar_does_not_hold_back_all_the_others() -> None:
    assert found(held([62000.0, *CALM, 621.0])) == [(str(DAYS[-6]), "absurd_price")]


@pytest.mark.parametrize(
    ("close", "is_step"),
    [(65.01, True), (43.03 * 1.25, True), (43.03 / 1.25, True), (43.03 * 1.18, False), (43.03 * 1.41, False)],
)
def test_what_moves_like_a_split(close: float, *, is_step: bool) -> None:
    """GME on 2021-01-22: 43.03 to 65.01, within 3 % of 3:2; a 5:4 split is one too."""
    assert may_be_a_split(43.03, close) is is_step


def test_a_jump_waits_for_an_answer_about_the_splits() -> None:
    """GME, 2021-01-22: held back with all later bars, and published once the splits were fetched after it."""
    closes = [36.0, 38.0, 39.91, 43.03, 65.01, 76.79]
    answers = given(DAYS[-2], 65.01, 10)
    assert found(held(closes, answers=answers)) == [(str(day), "unexplained_jump") for day in DAYS[-2:]]
    assert held(closes, answers=answers, splits_seen=f"{DAYS[-2]}T10:00:01.000000Z") == []
    assert len(held(closes, answers=answers, splits_seen=f"{DAYS[-2]}T09:59:59.000000Z")) == 2


def test_a_jump_of_long_ago_is_believed_without_an_answer_about_its_bar() -> None:
    """AAPL on 2000-09-29, 53.50 to 25.75, with a list of splits of 2025."""
    assert held([53.0, 53.5, 25.75, 26.0], splits_seen="2025-12-15T00:00:00.000000Z") == []
    assert is_known_since(date(2025, 11, 10), "2025-11-18T00:00:00.000000Z")
    assert not is_known_since(date(2025, 11, 10), "2025-11-17T00:00:00.000000Z")


NVDA_SPLITS: Events = ((date(2021, 7, 20), 4.0), (date(2024, 6, 10), 10.0))


@pytest.mark.parametrize("ratio", [1.5, 2.0, 3.0, 4.0, 12.0])
def test_one_row_on_the_basis_of_another_split_is_held_back(ratio: float) -> None:
    """As a row of TSLA that is divided by 3 among rows as traded, whose split came later; no answer confirms it."""
    splits = ((date(2026, 3, 2), ratio),)
    answers = given(DAYS[-2], 300.0 / ratio, 10, 11, 12, 13)
    late = "2026-11-01T00:00:00.000000Z"
    one = held([300.0, 302.0, 299.0, 300.0, 300.0 / ratio, 303.0], splits, answers=answers, splits_seen=late)
    assert found(one) == [(str(DAYS[-2]), "other_basis")]


@pytest.mark.parametrize("ratio", [2.0, 3.0, 4.0, 0.5, 0.25])
def test_a_week_on_the_basis_of_another_split_is_held_back(ratio: float) -> None:
    """While the market moves by a few per cent; the rows after it are as before."""
    splits = ((date(2026, 3, 2), ratio),)
    week = [price / ratio for price in (300.0, 296.0, 305.0, 301.0)]
    late = "2026-11-01T00:00:00.000000Z"
    one = held([300.0, 302.0, 299.0, 303.0, *week, 297.0, 299.0], splits, splits_seen=late)
    assert found(one) == [(str(day), "other_basis") for day in DAYS[-6:-2]]


def test_nvdas_row_divided_by_ten() -> None:
    """The case one-wrong-row: 88.8510 after 901.21, then 946.30."""
    one = held([890.0, 903.99, 901.21, 88.851, 946.30, 924.0], NVDA_SPLITS, splits_seen="2025-12-15T00:00:00.000000Z")
    assert found(one) == [(str(DAYS[-3]), "other_basis")]


def test_a_fall_by_half_that_stays_is_no_other_basis() -> None:
    splits = ((date(2020, 8, 31), 2.0),)
    assert held([53.0, 53.5, 53.2, 26.5, 26.0, 26.7], splits, splits_seen="2025-12-15T00:00:00.000000Z") == []


def test_a_dividend_above_the_price() -> None:
    """The case dividend-above-price: AMZN is said to pay 150 at 108.57."""
    (one,) = held([107.0, 108.0, 108.57, 109.0, 109.86], dividends=((DAYS[-2], 150.0),))
    assert (one.kind, one.date, one.rule, one.value) == ("dividend", str(DAYS[-2]), "implausible_dividend", "150.0")
    assert "150 with ex-date" in one.message
    assert "108.57" in one.message


def test_a_dividend_above_the_price_is_held_back_even_if_the_price_falls() -> None:
    (one,) = held([100.0, 101.0, 100.0, 26.0], dividends=((DAYS[-1], 140.0),))
    assert "is above the close before: 140 against 100" in one.message


def test_a_large_pay_out_that_the_price_shows_is_kept() -> None:
    """Its control: SCHG pays 60.00 of 97.58, and falls to 37.2."""
    assert held([97.0, 98.0, 97.58, 37.2, 36.71], dividends=((DAYS[-2], 60.0),), splits_seen="2025-12-15") == []


def test_a_large_dividend_that_the_price_does_not_show() -> None:
    (one,) = held([97.0, 98.0, 97.58, 97.9, 96.71], dividends=((DAYS[-2], 30.0),))
    assert "does not show in the price: 30 against 97.58, then 97.9" in one.message


def test_a_dividend_on_the_day_of_a_split_is_on_the_new_basis() -> None:
    """400 before a split of 10:1: the close before is 40 on the basis of the ex-date, so that 50 is above it."""
    (one,) = held([400.0, 401.0, 400.0, 40.1], splits=((DAYS[-1], 10.0),), dividends=((DAYS[-1], 50.0),))
    assert one.rule == "implausible_dividend"
    assert held([400.0, 401.0, 400.0, 40.1], splits=((DAYS[-1], 10.0),), dividends=((DAYS[-1], 0.5),)) == []


def test_a_split_that_the_price_does_not_show() -> None:
    (one,) = held([400.0, 401.0, 400.0, 402.0, 399.0], splits=((DAYS[-2], 10.0),))
    assert (one.kind, one.date, one.rule, one.value) == ("split", str(DAYS[-2]), "implausible_split", "10.0")


def test_a_split_that_the_price_shows_a_day_late() -> None:
    """The first bar after the split was still on the old basis: that bar is wrong, and not the split."""
    one = held([400.0, 401.0, 400.0, 402.0, 40.1, 40.3], splits=((DAYS[-3], 10.0),))
    assert found(one) == [(str(DAYS[-3]), "other_basis")]


RATIOS = [10.0, 4.0, 3.0, 2.0, 1.5, 1.25, 0.1, 0.025]


@pytest.mark.parametrize("ratio", RATIOS)
def test_a_split_that_the_newest_answer_lacks_still_counts_where_the_price_shows_it(ratio: float) -> None:
    """Without it a fall by half would be published, and from a fourfold step on nothing."""
    day = DAYS[-3]
    closes = [400.0, 401.0, 400.0, 404 / ratio, 401 / ratio, 399 / ratio]
    late = "2025-12-15T00:00:00.000000Z"
    (one,) = judge(TickerRecords("NVDA", bars(*closes), splits_seen=late, dropped=((day, ratio),)))
    assert (one.kind, one.date, one.rule, one.value) == ("split", str(day), "withdrawn_split", repr(ratio))
    assert "is missing in the newest answer about its splits" in one.message
    assert judge(TickerRecords("NVDA", bars(*closes), ((day, ratio),), splits_seen=late)) == []


def test_a_split_that_is_withdrawn_and_that_no_price_shows_is_gone() -> None:
    assert judge(TickerRecords("NVDA", bars(400.0, 401.0, 400.0, 402.0), dropped=((DAYS[-2], 10.0),))) == []


def test_an_operator_may_withdraw_a_split_that_the_price_seems_to_show() -> None:
    records = TickerRecords(
        "NVDA", bars(400.0, 401.0, 400.0, 202.0), splits_seen="2025-12-15", trusted=frozenset({"splits"}),
        dropped=((DAYS[-1], 2.0),),
    )  # fmt: skip
    assert judge(records) == []


@pytest.mark.parametrize(("right", "wrong"), [(10.0, 5.0), (10.0, 4.0), (2.0, 3.0), (10.0, 100.0)])
def test_a_ratio_that_the_price_does_not_show_does_not_replace_one_that_it_shows(right: float, wrong: float) -> None:
    day = DAYS[-2]
    records = TickerRecords(
        "NVDA", bars(400.0, 401.0, 400.0, 402 / right, 399 / right), ((day, wrong),), dropped=((day, right),)
    )
    found = [(one.rule, one.value) for one in judge(records)]
    assert found == [("implausible_split", repr(wrong)), ("withdrawn_split", repr(right))]


@pytest.mark.parametrize(
    ("named", "true"), [(5.0, 10.0), (4.0, 10.0), (2.0, 3.0), (0.5, 2.0), (10.0, 4.0), (0.1, 0.01)]
)
def test_a_split_whose_ratio_the_price_contradicts_holds_back_the_bars_from_its_day_on(
    named: float, true: float
) -> None:
    """The vendor says so from its first answer on. No later answer confirms the bars, while it says the same."""
    day = DAYS[-2]
    closes = [400.0, 401.0, 400.0, 402 / true, 399 / true]
    answers = given(day, 402 / true, 20, 21, 22, 23)
    late = "2025-12-15T00:00:00.000000Z"
    one = held(closes, ((day, named),), answers=answers, splits_seen=late)
    assert [(record.kind, record.date, record.rule) for record in one] == [
        ("split", str(day), "wrong_split"), ("bar", str(day), "wrong_split"), ("bar", str(DAYS[-1]), "wrong_split")
    ]  # fmt: skip
    assert one[0].value == repr(float(named))
    assert held(closes, ((day, true),), answers=answers, splits_seen=late) == []


@pytest.mark.parametrize(
    ("ratio", "move"),
    [(2.0, 0.8), (2.0, 1.3), (3.0, 0.75), (4.0, 0.8), (20.0, 1.25), (0.1, 0.55), (0.008, 0.6), (1.05, 0.8)],
)
def test_a_split_together_with_a_large_move_is_published(ratio: float, move: float) -> None:
    """2:1 and a fall by a fifth looks like 5:2, and not like a day without a split."""
    closes = [400.0, 401.0, 400.0, 400 / ratio * move, 398 / ratio * move]
    assert held(closes, ((DAYS[-2], ratio),), splits_seen="2025-12-15T00:00:00.000000Z") == []


def test_one_absurd_bar_on_the_day_of_a_split_does_not_contradict_the_split() -> None:
    closes = [400.0, 401.0, 400.0, 402.5, 40.1, 40.3]
    closes[3] = 4.02  # 10 for 1, and a decimal point too far to the left
    assert found(held(closes, ((DAYS[-3], 10.0),))) == [(str(DAYS[-3]), "other_basis")]


def test_an_operator_may_say_that_a_ratio_is_right() -> None:
    records = TickerRecords(
        "NVDA", bars(400.0, 401.0, 400.0, 160.0), ((DAYS[-1], 4.0),), splits_seen="2025-12-15",
        trusted=frozenset({"splits"}),
    )  # fmt: skip
    assert judge(records) == []


def test_a_split_of_a_day_without_a_session_is_judged_by_the_next_bar() -> None:
    saturday = date(2025, 11, 15)
    days = calendar.sessions(date(2025, 11, 13), date(2025, 11, 18))
    rows = [Bar(day, close, close, close, close) for day, close in zip(days, (400, 401, 40, 41), strict=True)]
    assert found(judge(TickerRecords("QQQ", rows, ((saturday, 4.0),)))) == [
        ("2025-11-15", "wrong_split"), ("2025-11-17", "wrong_split"), ("2025-11-18", "wrong_split")
    ]  # fmt: skip
    assert judge(TickerRecords("QQQ", rows, ((saturday, 10.0),))) == []


@pytest.mark.parametrize("ratio", [2.5, 1.6, 4 / 3])
def test_splits_of_rarer_ratios_that_the_price_does_not_show(ratio: float) -> None:
    (one,) = held([400.0, 401.0, 400.0, 402.0, 399.0], splits=((DAYS[-2], ratio),))
    assert (one.rule, one.value) == ("implausible_split", repr(ratio))


@pytest.mark.parametrize("ratio", [1.04, 1.05, 1.1, 1.2, 0.8])
def test_a_stock_dividend_that_the_newest_answer_lacks_still_counts(ratio: float) -> None:
    """It steps like an ordinary day, so only an older answer tells it."""
    day = DAYS[-2]
    opening = [Bar(day, 400 / ratio, 404 / ratio, 396 / ratio, 402 / ratio)]
    rows = [*bars(400.0, 401.0, 400.0)[:2], Bar(DAYS[-3], 400.0, 404.0, 396.0, 400.0), *opening]
    assert found(judge(TickerRecords("NVDA", rows, dropped=((day, ratio),)))) == [(str(day), "withdrawn_split")]
    calm = [*rows[:-1], Bar(day, 400.0, 404.0, 396.0, 401.0)]
    assert judge(TickerRecords("NVDA", calm, dropped=((day, ratio),))) == []


def test_a_stock_dividend_of_one_per_cent_cannot_be_told() -> None:
    rows = bars(400.0, 401.0, 400.0, 400 / 1.01)
    assert judge(TickerRecords("NVDA", rows, dropped=((DAYS[-1], 1.01),))) == []


def test_what_earlier_runs_have_judged_is_not_judged_again() -> None:
    records = TickerRecords("QQQ", bars(*CALM, 3000.0, 3010.0), judged_from=DAYS[-1])
    assert judge(records) == []


def test_over_a_long_hole_a_price_may_have_moved_anywhere() -> None:
    old = [Bar(date(2023, 1, 3), 14.0, 14.1, 13.9, 14.0)]
    assert judge(TickerRecords("NVDA", [*old, *bars(180.0, 181.0)])) == []
