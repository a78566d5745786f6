"""The cache keeps within its bounds: files are merged, and what was not used for longest goes."""

from __future__ import annotations

import os

import pytest

from reconciler.cache.place import CachePlace
from reconciler.cache.store import Cache, Limits, size_of
from tests.cache.stores import files, fill, got, key


def test_many_files_become_one_that_has_all_entries(place: CachePlace) -> None:
    for name in "abcde":
        fill(place, Limits(files=4), **{name: name})
    assert len(files(place)) == 1
    assert [got(place, name) for name in "abcde"] == [b"a", b"b", b"c", b"d", b"e"]


def test_what_is_used_outlives_what_is_not_when_the_cache_is_full(place: CachePlace) -> None:
    for name in "abcd":
        fill(place, **{name: name * 100})
    cache = Cache(place, Limits(bytes=500))
    cache.get(key("a"))
    cache.put(key("new"), b"n" * 20)
    cache.save()
    cache.close()
    assert got(place, "a") == b"a" * 100
    assert got(place, "new") == b"n" * 20
    assert size_of(place).bytes < 500


def test_a_draft_of_a_killed_process_goes_with_a_later_merge(place: CachePlace) -> None:
    fill(place, a="1")
    assert place.store is not None
    left, fresh = place.store / "old.draft", place.store / "new.draft"
    left.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(left, (0, 0))
    fill(place, Limits(files=1), b="2")
    assert not left.exists()
    assert fresh.exists()


def test_a_used_file_is_marked_as_used_at_most_once_an_hour(place: CachePlace) -> None:
    fill(place, a="1")
    (file,) = files(place)
    written = file.stat().st_mtime
    for later, expected in ((60.0, written), (7200.0, written + 7200)):
        cache = Cache(place, now=lambda later=later: written + later)  # type: ignore[misc]
        cache.get(key("a"))
        cache.save()
        cache.close()
        assert file.stat().st_mtime == pytest.approx(expected)


def test_a_merge_leaves_no_more_entries_than_are_looked_up(place: CachePlace) -> None:
    limits = Limits(files=3, entries=8)
    for name in "abcd":
        fill(place, limits, **{f"{name}{number}": name for number in range(3)})
    cache = Cache(place, limits)
    known = [name for name in "abcd" for number in range(3) if cache.get(key(f"{name}{number}")) is not None]
    cache.close()
    assert len(known) >= limits.entries // 2
    assert known[-3:] == ["d"] * 3
    assert size_of(place).entries <= limits.entries


def test_a_run_with_more_entries_than_are_looked_up_keeps_those_that_can_be(place: CachePlace) -> None:
    fill(place, Limits(entries=4), **{f"n{number}": "v" for number in range(9)})
    assert size_of(place).entries == 4


def test_files_that_are_not_looked_into_go_with_a_merge(place: CachePlace) -> None:
    limits = Limits(files=4, entries=4)
    for name in "abcdefghij":
        fill(place, limits, **{f"{name}{number}": name for number in range(3)})
    assert size_of(place).files <= limits.files


def test_what_a_killed_process_left_goes_with_a_later_save(place: CachePlace) -> None:
    fill(place, a="1")
    assert place.store is not None
    (place.store / "old.draft").write_bytes(b"half")
    os.utime(place.store / "old.draft", (0, 0))
    fill(place, b="2")
    assert not (place.store / "old.draft").exists()


def test_no_more_entries_are_looked_up_than_the_bound(place: CachePlace) -> None:
    for age, name in enumerate("ab"):
        fill(place, **{f"{name}{number}": name for number in range(3)})
        newest = max(files(place), key=lambda file: file.stat().st_mtime_ns)
        os.utime(newest, (age, age))
    cache = Cache(place, Limits(entries=5))
    assert [cache.get(key(name)) for name in ("a0", "b0")] == [None, b"b"]
    cache.close()


@pytest.mark.parametrize("limits", [Limits(files=1), Limits(bytes=220)])
def test_only_the_newest_files_are_read_up_to_twice_the_bounds(place: CachePlace, limits: Limits) -> None:
    for age, name in enumerate("abc"):
        fill(place, **{name: name * 100})
        os.utime(max(files(place), key=lambda file: file.stat().st_mtime_ns), (age, age))
    cache = Cache(place, limits)
    assert [cache.get(key(name)) is not None for name in "abc"] == [False, True, True]
    cache.close()
