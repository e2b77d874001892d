"""What the service remembers: values within a budget of bytes, and calls under way. Knows nothing of prices or HTTP."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Bounded(Generic[K, V]):
    """Values of at most `most` bytes together; the least recently used go first, and one that is larger never stays."""

    def __init__(self, most: int, size_of: Callable[[V], int]) -> None:
        self._most, self._size_of = most, size_of
        self._values: OrderedDict[K, V] = OrderedDict()
        self.bytes = 0

    def get(self, key: K) -> V | None:
        """The value, from now on the most recently used; None where there is none."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Remember `value` instead of what was there, as long as there is room."""
        before, size = self._values.pop(key, None), self._size_of(value)
        self.bytes -= 0 if before is None else self._size_of(before)
        if size > self._most:
            return
        self._values[key] = value
        self.bytes += size
        while self.bytes > self._most:
            _, oldest = self._values.popitem(last=False)
            self.bytes -= self._size_of(oldest)


class Flights(Generic[K, V]):
    """Calls under way. Who asks for the same meanwhile waits for the same answer, or the same error."""

    def __init__(self) -> None:
        self._tasks: dict[K, asyncio.Task[V]] = {}

    async def join(self, key: K, call: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """The answer of the call under way for `key`, or of `call`. Who is cancelled leaves the others theirs."""
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.create_task(call())
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key, None))
        return await asyncio.shield(task)
