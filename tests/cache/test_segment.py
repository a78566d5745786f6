"""A file of the cache gives a value only to the key under which it was written."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from reconciler.cache.segment import Damaged, Draft, Segment, checksum

ONE, TWO = b"1" * 32, b"2" * 32
FOOTER, ENTRY = struct.Struct("<IQ16s"), 60


def written(folder: Path) -> Path:
    draft = Draft(folder)
    draft.add(ONE, b"one")
    draft.add(TWO, b"two")
    return draft.finish()


def with_index(file: Path, index: bytes) -> Segment:
    """The file with another index, whose checksum is right."""
    data = file.read_bytes()
    number, at, _ = FOOTER.unpack(data[-FOOTER.size :])
    file.write_bytes(data[:at] + index + FOOTER.pack(number, at, checksum(b"", index)))
    return Segment(file)


def index_of(file: Path) -> bytes:
    return file.read_bytes()[-FOOTER.size - 2 * ENTRY : -FOOTER.size]


def test_a_value_under_the_key_of_another_is_not_taken(tmp_path: Path) -> None:
    file = written(tmp_path)
    segment = with_index(file, index_of(file).replace(ONE, b"3" * 32).replace(TWO, ONE))
    with pytest.raises(Damaged):
        segment.value(ONE)
    segment.close()


@pytest.mark.parametrize(("offset", "length"), [(0, 3), (8, 4_000_000_000), (2**40, 3), (2**64 - 1, 3)])
def test_a_place_that_is_not_that_of_the_value_is_damage(tmp_path: Path, offset: int, length: int) -> None:
    file = written(tmp_path)
    index = index_of(file)
    segment = with_index(file, index[:32] + struct.pack("<QI", offset, length) + index[44:])
    with pytest.raises((Damaged, KeyError)):
        segment.value(ONE)
    segment.close()


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link.seg").symlink_to(written(tmp_path))
    with pytest.raises((OSError, Damaged)):
        Segment(tmp_path / "link.seg")


def test_a_key_that_is_there_keeps_its_first_value(tmp_path: Path) -> None:
    draft = Draft(tmp_path)
    draft.add(ONE, b"one")
    size = draft.size
    draft.add(ONE, b"another")
    assert (draft.size, len(draft)) == (size, 1)
    segment = Segment(draft.finish())
    assert segment.value(ONE) == b"one"
    segment.close()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the modes of POSIX")
def test_nobody_else_can_read_a_file(tmp_path: Path) -> None:
    assert written(tmp_path).stat().st_mode & 0o077 == 0
