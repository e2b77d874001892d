"""The rows of an answer as columns, written to JSON and CSV without a model for each.

A model for each of thousands of rows takes ten times as long as the answer's figures. The schema is still that of a
list of the model; a test compares what is written with it.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, get_args

import numpy as np
import numpy.typing as npt
import orjson
from pydantic import BaseModel, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Row = TypeVar("Row", bound=BaseModel)
Other = TypeVar("Other", bound=BaseModel)
Column = npt.NDArray[Any]
_ROWS_A_CALL = 1000


class Rows(Generic[Row]):
    """n rows of `model` as columns by name, each (n,): datetime64[D], text as objects, or floats, NaN for null.

    A field of the model that is an integer has its floats rounded. In an answer's model the field is `rows: Rows[Row]`.
    """

    def __init__(self, model: type[Row], columns: Mapping[str, Column]) -> None:
        self.model, self.columns = model, columns

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))

    def take(self, order: npt.NDArray[np.intp]) -> "Rows[Row]":
        """The rows at these places, in this order."""
        return Rows(self.model, {name: column[order] for name, column in self.columns.items()})

    def select(self, names: Sequence[str]) -> "Rows[Row]":
        """Every row with only these columns, in this order."""
        return Rows(self.model, {name: self.columns[name] for name in names})

    def narrow(self, model: type[Other]) -> "Rows[Other]":
        """Every row with only the fields of another model."""
        return Rows(model, {name: self.columns[name] for name in model.model_fields})

    def dicts(self) -> list[dict[str, Any]]:
        """The rows as JSON has them."""
        return _dicts_of(tuple(self.columns))(self._rows(self._values))

    def to_json(self) -> bytes:
        """A JSON array of objects, each with every column."""
        return b"".join(self.json_pieces())

    def json_pieces(self) -> Iterator[bytes]:
        """`to_json` in pieces, for an answer that joins them with its other members: rows are megabytes."""
        yield b"["
        dicts = _dicts_of(tuple(self.columns))
        for number, some in enumerate(self._pieces()):
            # orjson writes NaN and infinity as null.
            yield (b"," if number else b"") + orjson.dumps(dicts(some._rows(some._numbers)))[1:-1]
        yield b"]"

    def to_csv(self) -> bytes:
        """The rows without a header; null is an empty cell."""
        return b"".join(b",".join(row) + b"\r\n" for some in self._pieces() for row in some._rows(some._cells))

    def _pieces(self) -> "Iterator[Rows[Row]]":
        """The rows, some at a time.

        Their values as Python objects take several times the memory of the arrays. And orjson holds the interpreter
        for a whole call: one for all rows would hold up the event loop in the other thread, 50 ms for fifty tickers
        over twenty years of weeks.
        """
        for start in range(0, len(self), _ROWS_A_CALL):
            chosen = slice(start, start + _ROWS_A_CALL)
            yield Rows(self.model, {name: column[chosen] for name, column in self.columns.items()})

    def _rows(self, column: Callable[[str], list[Any]]) -> Iterator[tuple[Any, ...]]:
        return zip(*map(column, self.columns), strict=True)

    def _numbers(self, name: str) -> list[Any]:
        """A column's values for orjson, NaN left as it is."""
        column = self.columns[name]
        return self._values(name) if column.dtype.kind != "f" or self._whole(name) else column.tolist()

    def _cells(self, name: str) -> list[bytes]:
        """A column's values as CSV has them."""
        values = self._numbers(name)
        if self.columns[name].dtype.kind != "f":
            written = {value: _csv_cell(value) for value in set(values)}
            return [written[value] for value in values]
        # One call for the whole column: a call for each number would take most of the time.
        return orjson.dumps(values)[1:-1].replace(b"null", b"").split(b",") if values else []

    def _values(self, name: str) -> list[Any]:
        """A column's values as JSON has them."""
        column = self.columns[name]
        if column.dtype.kind == "M":
            return _times(column)
        known = np.isfinite(column) if column.dtype.kind == "f" else np.ones(len(self), dtype=np.bool_)
        numbers = np.rint(np.where(known, column, 0)).astype(np.int64) if self._whole(name) else column
        values: list[Any] = numbers.tolist()
        for place in np.flatnonzero(~known):
            values[place] = None
        return values

    def _whole(self, name: str) -> bool:
        return self.model.model_fields[name].annotation in {int, int | None}

    @classmethod
    def of(cls, model: type[Row], rows: Sequence[Row]) -> "Rows[Row]":
        """From rows that are models already."""
        values = {name: [getattr(row, name) for row in rows] for name in model.model_fields}
        return cls(model, {name: _column(name, column) for name, column in values.items()})

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """A list of the row's model, for JSON schemas and where it is validated."""
        (model,) = get_args(source)
        rows = core_schema.list_schema(handler.generate_schema(model))
        columns = core_schema.no_info_after_validator_function(lambda found: cls.of(model, found), rows)
        return core_schema.json_or_python_schema(
            json_schema=columns,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), columns]),
            serialization=core_schema.plain_serializer_function_ser_schema(cls.dicts),
        )


def concatenate(model: type[Row], tables: Sequence[Rows[Row]]) -> Rows[Row]:
    """The rows of all tables, one table after the other."""
    if not tables:
        return Rows(model, {name: np.empty(0) for name in model.model_fields})
    names = tables[0].columns
    return Rows(model, {name: np.concatenate([table.columns[name] for table in tables]) for name in names})


@cache
def _dicts_of(names: tuple[str, ...]) -> Callable[[Iterable[tuple[Any, ...]]], list[dict[str, Any]]]:
    """A function that makes a dictionary with these keys of each row of values."""
    # Compiled for the names, as a namedtuple is: a dictionary display has its final size at once, where dict(zip(…))
    # grows and takes twice as long. Names are fields of our models, never a caller's text.
    values = ", ".join(f"v{place}" for place in range(len(names)))
    items = ", ".join(f"{name!r}: v{place}" for place, name in enumerate(names))
    make: Callable[[Iterable[tuple[Any, ...]]], list[dict[str, Any]]] = eval(  # noqa: S307
        f"lambda rows: [{{{items}}} for {values}, in rows]"
    )
    return make


def _column(name: str, values: Sequence[Any]) -> Column:
    if name == "time":
        return np.array([text[:10] for text in values], dtype="datetime64[D]")
    return np.array(values, dtype=object if name == "ticker" else np.float64)


def _times(days: Column) -> list[str]:
    """Each day as midnight UTC, with seconds and a Z, as Grafana's plugins need it."""
    # Rows ascend in time, so that a day's rows are mostly one run: each run is written once.
    starts = np.flatnonzero(np.append(True, days[1:] != days[:-1])[: len(days)])
    texts = np.array([f"{day}T00:00:00Z" for day in days[starts]], dtype=object)
    times: list[str] = np.repeat(texts, np.diff(np.append(starts, len(days)))).tolist()
    return times


def _csv_cell(text: str) -> bytes:
    line = io.StringIO()
    csv.writer(line).writerow([text])
    return line.getvalue().removesuffix("\r\n").encode()
