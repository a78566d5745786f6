"""What was put can be got, by any later process."""

from __future__ import annotations

import threading
from pathlib import Path

from reconciler.cache.place import NO_CACHE, CachePlace
from reconciler.cache.store import Cache, Size, clear, size_of
from tests.cache.stores import files, fill, got, key


def test_a_later_process_gets_what_was_put(place: CachePlace) -> None:
    fill(place, a="1", b="2")
    fill(place, c="3")
    assert [got(place, name) for name in "abcd"] == [b"1", b"2", b"3", None]


def test_what_was_put_is_there_in_the_same_run_once_it_is_saved(place: CachePlace) -> None:
    cache = Cache(place)
    cache.put(key("a"), b"1")
    cache.save()
    assert cache.get(key("a")) == b"1"
    cache.close()


def test_a_run_without_news_writes_nothing(place: CachePlace) -> None:
    fill(place, a="1")
    before = [(path, path.stat().st_mtime_ns) for path in files(place)]
    cache = Cache(place)
    cache.get(key("a"))
    cache.save()
    cache.close()
    assert [(path, path.stat().st_mtime_ns) for path in files(place)] == before


def test_what_was_not_saved_leaves_no_file(place: CachePlace) -> None:
    cache = Cache(place)
    cache.put(key("a"), b"1")
    cache.close()
    assert files(place) == []


def test_a_cache_that_is_off_keeps_nothing(tmp_path: Path) -> None:
    for place in (NO_CACHE, CachePlace(tmp_path / "cache", is_off=True), CachePlace(None)):
        cache = Cache(place)
        cache.put(key("a"), b"1")
        cache.save()
        assert cache.get(key("a")) is None
    assert list(tmp_path.iterdir()) == []


def test_files_of_others_in_the_folder_stay(place: CachePlace) -> None:
    fill(place, a="1")
    assert place.store is not None
    (place.store / "note.txt").write_text("mine")
    Cache(place).drop()
    assert [path.name for path in files(place)] == ["note.txt"]


def test_a_file_that_another_process_removes_can_be_read_where_it_is_open(place: CachePlace) -> None:
    fill(place, a="1", b="2")
    cache = Cache(place)
    assert cache.get(key("a")) == b"1"
    clear(place)
    assert cache.get(key("b")) in (b"2", None)
    cache.close()


def test_processes_and_threads_write_beside_each_other(place: CachePlace) -> None:
    caches = [Cache(place) for _ in range(4)]
    threads = [
        threading.Thread(target=lambda cache=cache, n=n: [cache.put(key(f"{n % 4} {m}"), b"v") for m in range(50)])
        for n, cache in enumerate(caches * 2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for cache in caches:
        cache.save()
        cache.close()
    assert all(got(place, f"{n} {m}") == b"v" for n in range(4) for m in range(50))


def test_a_dropped_cache_is_empty_for_everybody_and_used_no_longer(place: CachePlace) -> None:
    fill(place, a="1")
    cache = Cache(place)
    assert cache.get(key("a")) == b"1"
    cache.drop()
    cache.put(key("b"), b"2")
    cache.save()
    assert cache.get(key("a")) is None
    assert files(place) == []


def test_the_size_counts_files_entries_and_bytes_and_clearing_reports_it(place: CachePlace) -> None:
    assert size_of(place) == Size()
    fill(place, a="1", b="2")
    fill(place, c="3")
    found = size_of(place)
    assert (found.files, found.entries) == (2, 3)
    assert found.bytes == sum(path.stat().st_size for path in files(place))
    assert clear(place) == found
    assert size_of(place) == Size()
