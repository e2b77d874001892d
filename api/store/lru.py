"""A least-recently-used cache that is bounded by bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class LruBytes(Generic[K, V]):
    """Values of at most `limit` bytes together; the least recently used go first.

    Python cannot tell the size of an object with all that it refers to, so the caller states each value's size, in
    which its key should count too.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self.bytes = 0

    def get(self, key: K) -> V | None:
        """The value, which becomes the most recently used; None where there is none."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        self._entries.move_to_end(key)
        return entry[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Replace the value of `key`. One that is larger than the whole cache is not stored."""
        if key in self._entries:
            self.bytes -= self._entries.pop(key)[1]
        if size > self._limit:
            return
        self._entries[key] = (value, size)
        self.bytes += size
        while self.bytes > self._limit:
            self.bytes -= self._entries.popitem(last=False)[1][1]
