"""The parameters of `/questions`: the tickers that all five questions are asked of."""

from typing import Annotated, NamedTuple

from fastapi import Depends, Query

from api.http.parameters import parse_tickers
from api.limits import TICKERS
from api.resources.outlook.parameters import default_request
from api.resources.outlook.request import OutlookRequest
from api.resources.questions.links import link

# What the third and the fourth question hold the tickers against.
MARKET = "VOO"


class Picked(NamedTuple):
    """`tickers`: those given, none for each question's own. `a`, `b`: the baskets of the fourth, where given."""

    tickers: tuple[str, ...] = ()
    a: tuple[str, ...] = ()
    b: tuple[str, ...] = ()

    @property
    def besides_market(self) -> tuple[str, ...]:
        return tuple(ticker for ticker in self.tickers if ticker != MARKET)

    @property
    def outlook(self) -> OutlookRequest:
        """The tickers against the market, where the baskets are not given; the usual ones without tickers."""
        usual = default_request()
        first, second = (self.besides_market, (MARKET,)) if self.besides_market else (usual.a, usual.b)
        return usual._replace(a=self.a or first, b=self.b or second)

    def link_of(self, name: str) -> str:
        """Where a question has its figures, for the same tickers."""
        path = f"questions/{name}"
        if name == "outlook":
            chosen = self.outlook
            given = self.tickers or self.a or self.b
            return link(path, a=chosen.a, b=chosen.b) if given else path
        tickers = self.besides_market if name == "diversification" else self.tickers
        return link(path, tickers=tickers) if tickers else path


async def _picked(
    tickers: Annotated[
        list[str] | None,
        Query(
            description=f"The tickers of all five questions, {TICKERS.most} at most with {MARKET}, which questions 3 "
            "and 4 hold them against. Without it, each question's own.",
            openapi_examples={"usual": {"value": []}},
        ),
    ] = None,
    a: Annotated[
        list[str] | None,
        Query(
            description=f"The first basket of question 4. Without it, `tickers` other than {MARKET}.",
            openapi_examples={"usual": {"value": []}},
        ),
    ] = None,
    b: Annotated[
        list[str] | None,
        Query(
            description=f"The second basket of question 4. Without it, {MARKET} against `tickers`.",
            openapi_examples={"usual": {"value": []}},
        ),
    ] = None,
) -> Picked:
    given = {"tickers": tickers, "a": a, "b": b}
    picked = Picked(**{name: parse_tickers(values, name) for name, values in given.items() if values is not None})
    TICKERS.check(len({*picked.tickers, MARKET}), ",".join(picked.tickers), "tickers")
    TICKERS.check(len(picked.outlook.tickers), ",".join(picked.outlook.tickers), "b" if picked.b else "a")
    return picked


PickedParam = Annotated[Picked, Depends(_picked)]
