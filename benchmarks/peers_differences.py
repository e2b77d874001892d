"""Explains each figure on which a library and Bellwether differ: which is right, and by which source.

`ours`: the library's figure is not what its name says. `both`: another convention with the same name.
"""

from typing import NamedTuple


class Explanation(NamedTuple):
    """Whose figure is right, and why."""

    right: str
    why: str


_PER_PERIOD = Explanation("both", "theirs is a session's; × √252 it is ours, a year's (Goodwin 1998)")
_CALENDAR = Explanation("both", "theirs counts 365.25 calendar days a year, ours 252 sessions")
_BIASED = Explanation("both", "theirs is g, the sample's own; ours is G, free of bias (pandas, R's e1071 type 2)")

EXPLANATIONS = {
    ("empyrical-reloaded", "alpha_jensen"): Explanation(
        "both", "theirs compounds the daily alpha over a year, which we give as alpha_compounded; Jensen 1968 adds"
    ),
    ("empyrical-reloaded", "information_ratio"): _PER_PERIOD,
    ("QuantStats", "information_ratio"): _PER_PERIOD,
    ("ffn", "information_ratio"): _PER_PERIOD,
    ("QuantStats", "beta_gap"): Explanation(
        "ours", "theirs fills the sessions that the benchmark lacks with its next return; beta is of paired returns "
        "(Sharpe 1964; empyrical and numpy's polyfit agree with ours)",
    ),
    ("QuantStats", "value_at_risk"): Explanation(
        "both", "theirs is of a normal distribution, ours of the returns themselves (empyrical and OpenBB too)"
    ),
    ("QuantStats", "conditional_value_at_risk"): Explanation(
        "both", "theirs is the mean beyond the normal quantile, ours beyond the historical one (empyrical, OpenBB too)"
    ),
    ("ffn", "cagr"): _CALENDAR,
    ("ffn", "calmar"): _CALENDAR,
    ("OpenBB technical", "sharpe"): Explanation(
        "both", "theirs takes a 252nd of the annual rate a session, ours its 252nd root (OpenBB quantitative too)"
    ),
    ("OpenBB technical", "sortino"): Explanation(
        "ours", "theirs divides by the standard deviation of the losing days alone; the downside deviation is over all "
        "days (Sortino and Price 1994; empyrical, QuantStats, ffn and OpenBB quantitative)",
    ),
    ("OpenBB technical", "max_drawdown"): Explanation(
        "ours", "theirs leaves out the base, so that a fall on the first day is none (Magdon-Ismail and Atiya 2004; "
        "empyrical, QuantStats and ffn)",
    ),
    ("OpenBB technical", "calmar"): Explanation("ours", "theirs is of that drawdown"),
    ("OpenBB technical", "skew"): _BIASED,
    ("OpenBB technical", "excess_kurtosis"): _BIASED,
    ("OpenBB quantitative", "skew"): _BIASED,
    ("OpenBB quantitative", "excess_kurtosis"): _BIASED,
    ("OpenBB technical", "yang_zhang"): Explanation(
        "ours", "theirs takes close to close where open to close is meant, and no variance from its mean "
        "(Yang and Zhang 2000; R's TTR)",
    ),
}  # fmt: skip
