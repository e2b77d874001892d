"""One call for all who ask for the same thing at the same time."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class SingleFlight(Generic[K, V]):
    """Calls under way. Whoever asks for a key meanwhile waits for the same result, or the same error."""

    def __init__(self) -> None:
        self._tasks: dict[K, asyncio.Task[V]] = {}

    async def run(self, key: K, call: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """The result of the call under way for `key`, or of `call`."""
        task = self._tasks.get(key)
        if task is None:
            task = asyncio.create_task(call())
            self._tasks[key] = task
            task.add_done_callback(lambda _: self._tasks.pop(key, None))
        # Shielded: a client that disconnects must not cancel the call that other clients wait for.
        return await asyncio.shield(task)
