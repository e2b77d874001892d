"""What an Alpha Vantage plan allows."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VendorPlan:
    """`per_day`, `per_second`: requests, None for no limit. `full_history`: `outputsize=full` is allowed."""

    name: str
    per_day: int | None
    per_second: float | None
    full_history: bool
    news: bool = True  # whether the source has any


# https://www.alphavantage.co/premium/
FREE = VendorPlan("free", per_day=25, per_second=1, full_history=False)
PREMIUM = VendorPlan("premium", per_day=None, per_second=75 / 60, full_history=True)  # the smallest: 75 a minute
SIMULATED = VendorPlan("simulated", per_day=None, per_second=None, full_history=True)
# A recorded feed has no limits, but only the depth of the compact answers that it consists of.
RECORDED = VendorPlan("recorded", per_day=None, per_second=None, full_history=False, news=False)

PLANS = {plan.name: plan for plan in (FREE, PREMIUM)}
