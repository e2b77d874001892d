"""The cache that is bounded by bytes."""

from api.store.lru import LruBytes


def test_the_least_recently_used_goes_first() -> None:
    cache: LruBytes[str, str] = LruBytes(10)
    for name in ("aaaa", "bbbb"):
        cache.put(name, name, 4)
    assert cache.get("aaaa") == "aaaa"
    cache.put("cccc", "cccc", 4)
    assert (cache.get("aaaa"), cache.get("bbbb"), cache.get("cccc")) == ("aaaa", None, "cccc")
    cache.put("cccc", "cc", 2)
    assert cache.bytes == 6
    cache.put("large", "x", 11)
    assert (cache.get("large"), cache.bytes) == (None, 6)
