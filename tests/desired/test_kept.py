"""Spec files from the cache are what they are when they are read, and never an older content, another target's, or another reader's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from reconciler.cache.place import CachePlace
from reconciler.cache.store import Cache, opened, size_of
from reconciler.desired import kept
from reconciler.desired.files import Form
from reconciler.desired.kept import FEWEST
from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.packing import NotPacked, pack, unpack
from reconciler.desired.readings import Readings
from reconciler.desired.spec_file import View
from reconciler.desired.specs import DesiredSet
from reconciler.desired.tree import GivenFiles, Listing

NAMES = ("eu", "us")
SPEC = """\
kind: ConnectionSpec
{more}
spec:
  name: Orders {number}
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  description: {value}
"""


def path(number: int) -> str:
    return f"sources/orders-{number:02}/connection-spec.yaml"


def files(more: str = "", value: str = "text") -> dict[str, bytes]:
    return {path(number): SPEC.format(number=number, more=more, value=value).encode() for number in range(FEWEST)}


@dataclass
class CountedFiles:
    """Files in memory; `read_paths` has each reading."""

    files: Mapping[str, bytes]
    read_paths: list[str] = field(default_factory=list)

    def listing(self) -> Listing:
        return GivenFiles(self.files).listing()

    def read(self, path: str) -> bytes:
        self.read_paths.append(path)
        return GivenFiles(self.files).read(path)


@pytest.fixture
def place(tmp_path: Path) -> CachePlace:
    return CachePlace(tmp_path / "cache")


def load(given: Mapping[str, bytes], place: CachePlace | None = None, **more: object) -> DesiredSet:
    target = str(more.pop("target", "eu"))
    layers = more.pop("layers", None) or Layers((target,), NAMES, {"host": target})
    prefix = str(more.pop("prefix", "specs"))
    assert isinstance(layers, Layers)
    if place is None:
        return load_desired(GivenFiles(given), target, prefix, NAMES, layers)
    with opened(place) as cache:
        return load_desired(GivenFiles(given), target, prefix, NAMES, layers, cache=cache)


VARIED = [
    ("", "text"),
    ("overlays: {us: {description: other}}", "text"),
    ("overlays: {nobody: {description: other}}", "text"),
    ("only: [eu]", "text"),
    ("", "{var: host}"),
    ("", "{var: nothing}"),
    ("", "[unclosed"),
    ("formerly: [old, old]", "text"),
    ("ids: {us: not-an-id}", "text"),
    ("kind: again", "text"),
    ("# a comment", "|\n    a\n    b"),
    ("", "text\n  other: {ref: orders-00}"),
]


@pytest.mark.parametrize(("more", "value"), VARIED)
@pytest.mark.parametrize("target", NAMES)
def test_what_comes_from_the_cache_is_what_the_file_says(place: CachePlace, more: str, value: str, target: str) -> None:
    given = files(more, value)
    fresh = load(given, target=target)
    first, second = load(given, place, target=target), load(given, place, target=target)
    assert first == second == fresh
    assert first.paths == second.paths == fresh.paths
    assert [spec.position("/description") for spec in second.specs] == [spec.position("/description") for spec in fresh.specs]
    assert not first.unparsed
    assert second.unparsed == set(given)


@pytest.mark.parametrize(("more", "value"), VARIED)
def test_targets_that_share_readings_get_their_own_from_the_cache(place: CachePlace, more: str, value: str) -> None:
    given = files(more, value)
    for _ in range(2):
        with opened(place) as cache:
            readings = Readings()
            for target in NAMES:
                layers = Layers((target,), NAMES, {"host": target})
                found = load_desired(GivenFiles(given), target, "specs", NAMES, layers, readings, cache=cache)
                assert found == load(given, target=target)


def test_a_file_that_is_the_same_for_all_targets_is_kept_once(place: CachePlace) -> None:
    for target in NAMES:
        load(files(), place, target=target)
    assert size_of(place).entries == FEWEST


def test_a_file_that_differs_between_targets_is_kept_for_each(place: CachePlace) -> None:
    for target in NAMES:
        load(files(value="{var: host}"), place, target=target)
    assert size_of(place).entries == 2 * FEWEST


def test_only_the_file_that_changed_is_parsed(place: CachePlace) -> None:
    given = files()
    load(given, place)
    changed = given | {path(3): given[path(3)].replace(b"text", b"another")}
    found = load(changed, place)
    assert found == load(changed)
    assert set(given) - found.unparsed == {path(3)}


def test_the_same_bytes_at_another_path_are_another_file(place: CachePlace) -> None:
    given = files()
    load(given, place)
    moved = {name.replace("orders", "sales"): data for name, data in given.items()}
    found = load(moved, place)
    assert found == load(moved)
    assert not found.unparsed


@pytest.mark.parametrize(
    "layers",
    [
        Layers(("eu",), NAMES, {"host": "other"}),
        Layers(("group", "eu"), (*NAMES, "group"), {"host": "eu"}),
        Layers(("eu",), NAMES, {"host": "eu"}, {"us": Layers(("us",), NAMES)}),
    ],
)
def test_other_settings_are_another_reading(place: CachePlace, layers: Layers) -> None:
    given = files("overlays: {eu: {version: '2'}}", "{var: host}")
    load(given, place)
    found = load(given, place, layers=layers)
    assert not found.unparsed
    assert found == load(given, layers=layers)


def test_another_folder_in_messages_is_another_reading(place: CachePlace) -> None:
    load(files(), place)
    assert load(files(), place, prefix="elsewhere") == load(files(), prefix="elsewhere")


def test_a_few_files_are_not_looked_up(place: CachePlace) -> None:
    few = dict(list(files().items())[: FEWEST - 1])
    load(few, place)
    assert size_of(place).entries == 0


class ChangingFiles(CountedFiles):
    def read(self, path: str) -> bytes:
        return super().read(path).replace(b"text", b"later" if self.read_paths.count(path) > 1 else b"text")


def test_a_file_that_changes_between_its_look_up_and_its_reading_is_not_kept(place: CachePlace) -> None:
    layers = Layers(("eu",), NAMES)
    with opened(place) as cache:
        found = load_desired(ChangingFiles(files()), "eu", "specs", NAMES, layers, cache=cache)
    assert all(b"later" in spec.body_json for spec in found.specs)
    assert size_of(place).entries == 0


class Forged(Cache):
    """A cache that somebody filled: each value belongs to another file, or is not one at all."""

    def __init__(self, place: CachePlace) -> None:
        super().__init__(place)
        self.value = b""

    def get(self, _: bytes) -> bytes | None:
        return self.value

    def put(self, _: bytes, value: bytes) -> None:
        self.value = value


@pytest.fixture
def forged(place: CachePlace) -> Iterator[Forged]:
    cache = Forged(place)
    yield cache
    cache.close()


@pytest.mark.parametrize("value", [b"", b"\xc1", b"\x90", b"{}", b"\xdc\xff\xff", b"\x91" * 5000, None])
def test_a_value_that_is_no_file_or_is_of_another_content_is_not_taken(forged: Forged, value: bytes | None) -> None:
    given, layers = files(), Layers(("eu",), NAMES)
    load_desired(GivenFiles(files(value="other")), "eu", "specs", NAMES, layers, cache=forged)
    if value is not None:
        forged.value = value
    found = load_desired(GivenFiles(given), "eu", "specs", NAMES, layers, cache=forged)
    assert found == load_desired(GivenFiles(given), "eu", "specs", NAMES, layers)
    assert not found.unparsed


def test_a_name_that_is_not_unicode_is_read_each_time(place: CachePlace) -> None:
    given = {f"sources/\udcff{number}/connection-spec.yaml": data for number, data in enumerate(files().values())}
    load(given, place)
    assert load(given, place) == load(given)


def test_the_desired_sets_compare_by_what_the_files_say_alone() -> None:
    found = load(files())
    assert replace(found, unparsed=frozenset(found.paths.values())) == found


def test_a_name_that_is_no_longer_known_is_another_reading(place: CachePlace) -> None:
    given = files("overlays: {us: {description: other}}")
    load(given, place)
    fewer = Layers(("eu",), ("eu",), {"host": "eu"})
    found = load(given, place, layers=fewer)
    assert found == load(given, layers=fewer)
    assert {problem.code for problem in found.problems} == {"unknown-target"}


def test_a_target_that_is_no_longer_known_is_another_reading(place: CachePlace) -> None:
    given, layers = files("ids: {us: 4fe859de-0000-4000-8000-000000000000}"), Layers(("eu",), NAMES)
    for targets, problems in ((NAMES, 0), (("eu",), FEWEST)):
        with opened(place) as cache:
            found = load_desired(GivenFiles(given), "eu", "specs", targets, layers, cache=cache)
        assert [problem.code for problem in found.problems].count("unknown-target") == problems


def test_another_target_with_the_same_layers_is_another_reading(place: CachePlace) -> None:
    given, layers = files("ids: {us: 4fe859de-0000-4000-8000-000000000000}"), Layers(("eu",), NAMES)
    load(given, place, layers=layers)
    found = load(given, place, target="us", layers=layers)
    assert {spec.pinned_id for spec in found.specs} == {"4fe859de-0000-4000-8000-000000000000"}


class UnderTheKeyForAll(Forged):
    """It has the value under the first of the two keys that are looked up for each file."""

    looks = 0

    def get(self, key: bytes) -> bytes | None:
        self.looks += 1
        return super().get(key) if self.looks % 2 else None


def test_a_value_of_one_target_is_not_taken_for_all(place: CachePlace) -> None:
    given, layers, cache = files(), Layers(("eu",), NAMES), UnderTheKeyForAll(place)
    tree, last = GivenFiles(given), path(FEWEST - 1)
    load_desired(tree, "eu", "specs", NAMES, layers, cache=cache)
    for is_for_all, taken in ((True, {last}), (False, set())):
        file = unpack(cache.value, tree, last, Form.ENVELOPE, View("eu", NAMES, "specs", layers))
        cache.value = pack(replace(file, is_for_all=is_for_all))
        value, cache.looks = cache.value, 0
        assert load_desired(tree, "eu", "specs", NAMES, layers, cache=cache).unparsed == taken
        cache.value = value


def test_a_file_that_cannot_be_packed_is_read_each_time(place: CachePlace, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> bytes:
        raise NotPacked

    monkeypatch.setattr(kept, "pack", refuse)
    assert load(files(), place) == load(files())
    assert size_of(place).entries == 0


def test_a_set_from_the_cache_is_not_taken_for_one_that_was_read_in_this_run(place: CachePlace) -> None:
    load(files(), place)
    readings = Readings()
    with opened(place) as cache:
        cached = load_desired(GivenFiles(files()), "eu", "specs", NAMES, Layers(("eu",), NAMES, {}), readings, cache=cache)
    assert cached.unparsed == files().keys()
    parsed = load_desired(GivenFiles(files()), "us", "specs", NAMES, Layers(("us",), NAMES, {}), readings)
    assert (parsed, parsed.unparsed) == (cached, frozenset())
