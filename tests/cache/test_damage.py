"""What is damaged, full or cannot be read is as good as absent."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cache.place import CachePlace
from reconciler.cache.segment import Draft, Segment
from reconciler.cache.store import Cache, Limits, Size, size_of
from tests.cache.stores import files, fill, got, key


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


def test_damaged_files_go_with_a_merge(place: CachePlace) -> None:
    for name in "abcde":
        fill(place, Limits(files=99), **{name: name})
    for file in files(place):
        file.write_bytes(b"damaged")
    fill(place, Limits(files=4), f="f")
    assert size_of(place) == Size(1, 1, size_of(place).bytes)


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


@pytest.mark.parametrize("is_open", [True, False], ids=["others may write", "no folder"])
def test_a_folder_that_cannot_be_used_is_named_once(
    place: CachePlace, caplog: pytest.LogCaptureFixture, *, is_open: bool
) -> None:
    fill(place, a="one")
    assert place.root is not None
    if is_open:
        place.root.chmod(0o777)
        why = f"other users can write to {place.root}"
    else:
        shutil.rmtree(place.root)
        place.root.write_text("")
        why = f"{place.root}: Not a directory"
    cache = Cache(place)
    with caplog.at_level("INFO", "reconciler.cache"):
        assert cache.get(key("a")) is None
        cache.put(key("b"), b"two")
        cache.save()
    assert [record.getMessage() for record in caplog.records] == [f"cache not used: {why}"]
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
