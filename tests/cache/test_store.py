"""What was put can be got, by any later process; what is damaged is as good as absent."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cache.place import NO_CACHE, CachePlace
from reconciler.cache.segment import Draft, Segment
from reconciler.cache.store import Cache, Limits, Size, clear, size_of


def key(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


@pytest.fixture
def place(tmp_path: Path) -> CachePlace:
    return CachePlace(tmp_path / "cache")


def fill(place: CachePlace, limits: Limits | None = None, /, **values: str) -> None:
    cache = Cache(place, limits or Limits())
    for name, value in values.items():
        cache.put(key(name), value.encode())
    cache.save()
    cache.close()


def got(place: CachePlace, name: str) -> bytes | None:
    cache = Cache(place)
    try:
        return cache.get(key(name))
    finally:
        cache.close()


def files(place: CachePlace) -> list[Path]:
    assert place.store is not None
    return sorted(place.store.iterdir())


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


def flip(at: int) -> Callable[[bytes], bytes]:
    def flipped(data: bytes) -> bytes:
        changed = bytearray(data)
        changed[at] ^= 1
        return bytes(changed)

    return flipped


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"reconc1\n",
        lambda data: data[: len(data) // 2],
        lambda data: data + b"\0",
        lambda data: data * 2,
        flip(0),
        flip(9),
        flip(-1),
        flip(-40),
        lambda data: data[:-28] + b"\xff" * 28,
    ],
)
def test_a_damaged_file_is_as_good_as_none(place: CachePlace, damage: Callable[[bytes], bytes]) -> None:
    fill(place, a="a value of some length")
    (file,) = files(place)
    file.write_bytes(damage(file.read_bytes()))
    assert got(place, "a") is None
    fill(place, a="a value of some length")
    assert got(place, "a") == b"a value of some length"


def test_every_single_wrong_bit_is_noticed(place: CachePlace) -> None:
    fill(place, a="one", b="two")
    (file,) = files(place)
    whole = file.read_bytes()
    for at in range(len(whole)):
        file.write_bytes(flip(at)(whole))
        assert got(place, "a") in (None, b"one")
        assert got(place, "b") in (None, b"two")


def test_a_value_under_another_key_is_not_taken(place: CachePlace) -> None:
    fill(place, a="one")
    (file,) = files(place)
    file.write_bytes(file.read_bytes().replace(key("a"), key("b")))
    assert got(place, "b") is None


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the modes of POSIX")
def test_a_file_that_others_can_write_to_is_not_read(place: CachePlace) -> None:
    fill(place, a="1")
    files(place)[0].chmod(0o666)
    assert got(place, "a") is None


def test_a_link_to_a_file_is_not_followed(place: CachePlace, tmp_path: Path) -> None:
    fill(place, a="1")
    (file,) = files(place)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert got(place, "a") is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_in_the_folder_is_not_waited_for(place: CachePlace) -> None:
    fill(place, a="1")
    assert place.store is not None
    os.mkfifo(place.store / "pipe.seg")
    (place.store / "folder.seg").mkdir()
    assert got(place, "a") == b"1"


def test_files_of_others_in_the_folder_stay(place: CachePlace) -> None:
    fill(place, a="1")
    assert place.store is not None
    (place.store / "note.txt").write_text("mine")
    Cache(place).drop()
    assert [path.name for path in files(place)] == ["note.txt"]


def test_a_folder_in_the_place_of_the_cache_is_as_good_as_none(place: CachePlace) -> None:
    assert place.root is not None
    place.root.write_text("a file")
    fill(place, a="1")
    assert got(place, "a") is None


class FullDisk(Draft):
    def finish(self) -> Path:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_as_good_as_no_cache(place: CachePlace) -> None:
    cache = Cache(place, draft=FullDisk)
    cache.put(key("a"), b"1")
    cache.save()
    cache.put(key("b"), b"2")
    cache.close()
    assert files(place) == []


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


def test_damaged_files_go_with_a_merge(place: CachePlace) -> None:
    for name in "abcde":
        fill(place, Limits(files=99), **{name: name})
    for file in files(place):
        file.write_bytes(b"damaged")
    fill(place, Limits(files=4), f="f")
    assert size_of(place) == Size(1, 1, size_of(place).bytes)


def test_what_a_killed_process_left_goes_with_a_later_save(place: CachePlace) -> None:
    fill(place, a="1")
    assert place.store is not None
    (place.store / "old.draft").write_bytes(b"half")
    os.utime(place.store / "old.draft", (0, 0))
    fill(place, b="2")
    assert not (place.store / "old.draft").exists()


def test_a_file_cut_off_at_any_byte_is_as_good_as_none(place: CachePlace) -> None:
    fill(place, a="one", b="two")
    (file,) = files(place)
    whole = file.read_bytes()
    for size in range(len(whole)):
        file.write_bytes(whole[:size])
        assert (got(place, "a"), got(place, "b")) == (None, None)


def test_a_file_that_shrinks_while_it_is_opened_is_as_good_as_none(place: CachePlace, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(place, a="one")
    (file,) = files(place)
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.truncate(20)
    seen = os.fstat
    monkeypatch.setattr(os, "fstat", lambda number: Grown(seen(number), size))
    assert got(place, "a") is None


class Grown:
    """What was known of a file when it was larger."""

    def __init__(self, found: os.stat_result, size: int) -> None:
        self._found = found
        self.st_size = size

    def __getattr__(self, name: str) -> object:
        return getattr(self._found, name)


def test_an_old_file_that_cannot_be_read_keeps_nothing_from_being_merged(
    place: CachePlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        fill(place, **{name: name})
    monkeypatch.setattr(Segment, "value", unreadable)
    fill(place, Limits(files=2), c="c")
    monkeypatch.undo()
    assert got(place, "c") == b"c"
    assert size_of(place).files == 1


def unreadable(*_: object) -> bytes:
    raise OSError(5, "Input/output error")


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


def test_damage_is_told_once(place: CachePlace, caplog: pytest.LogCaptureFixture) -> None:
    fill(place, a="one")
    (file,) = files(place)
    file.write_bytes(file.read_bytes().replace(b"one", b"two"))
    cache = Cache(place)
    with caplog.at_level("INFO", "reconciler.cache"):
        assert [cache.get(key("a")) for _ in range(2)] == [None, None]
    assert [record.getMessage() for record in caplog.records] == [
        f"cache not used: {file.name}: an entry does not match its checksum"
    ]
    cache.close()


def test_a_disk_that_was_full_is_not_tried_again_in_the_same_run(place: CachePlace) -> None:
    tried: list[Path] = []

    def full(folder: Path) -> Draft:
        tried.append(folder)
        raise OSError(28, "No space left on device")

    cache = Cache(place, draft=full)
    for name in "ab":
        cache.put(key(name), b"1")
    cache.save()
    cache.close()
    assert len(tried) == 1
