"""Findings from the cache are those that the rules would have, and a file is judged anew when anything that a rule sees changes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from reconciler.cache.place import CachePlace
from reconciler.cache.store import Cache, opened
from reconciler.desired.layers import Layers
from reconciler.desired.load import load_desired
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import WorkingTree
from reconciler.errors import Problem, Severity, by_place
from reconciler.lint.kept import KeptFindings
from reconciler.lint.run import lint, lint_targets

NAMES = ("eu", "us")
SPEC = """\
kind: ConnectionSpec
overlays: {us: {sourceSpec: {attributes: {paginationParams: {type: WHATEVER}}}}}
spec:
  name: Orders
  providerId: 0ed90a81-07f4-4586-8190-b40eccef1c5a
  version: "1.0"
  type: generic-rest
  sourceSpec:
    attributes:
      urlParams: {path: "/orders?page={x", method: FETCH, host: example.com}
      paginationParams: {type: OFSET, limitName: limit}  # reconciler: ignore[no-such-rule]
"""
FILE = "sources/orders/connection-spec.yaml"


class CountingCache(Cache):
    """A cache that counts what is new."""

    news = 0

    def put(self, key: bytes, value: bytes) -> None:
        self.news += 1
        super().put(key, value)


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    (tmp_path / "specs" / FILE).parent.mkdir(parents=True)
    (tmp_path / "specs" / FILE).write_text(SPEC)
    return tmp_path / "specs"


@pytest.fixture
def place(tmp_path: Path) -> CachePlace:
    return CachePlace(tmp_path / "cache")


def read(specs: Path, names: tuple[str, ...] = NAMES) -> dict[str, tuple[DesiredSpec, ...]]:
    return {name: load_desired(WorkingTree(specs), name, "specs", NAMES, Layers((name,), NAMES)).specs for name in names}


def judge(
    specs: Path,
    cache: Cache | None,
    levels: Mapping[str, str] | None = None,
    names: tuple[str, ...] = NAMES,
    *,
    several: bool = False,
) -> list[Problem]:
    found, given = read(specs, names), levels or {}
    form = "several" if several else "one"
    kept = KeptFindings(cache, given, (form, NAMES)) if cache is not None else None
    if several:
        return sorted(lint_targets(found, given, len(NAMES), kept), key=by_place)
    return sorted(lint([spec for of_one in found.values() for spec in of_one], given, NAMES, kept), key=by_place)


def news(place: CachePlace, specs: Path, levels: Mapping[str, str] | None = None, names: tuple[str, ...] = NAMES) -> int:
    """How many files are judged anew; the findings must be right in any case."""
    cache = CountingCache(place)
    assert judge(specs, cache, levels, names) == judge(specs, None, levels, names)
    cache.save()
    cache.close()
    return cache.news


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("names", [NAMES, ("us",)])
def test_findings_from_the_cache_are_the_same(place: CachePlace, specs: Path, several: bool, names: tuple[str, ...]) -> None:
    plain = judge(specs, None, names=names, several=several)
    assert len(plain) >= 3
    for _ in range(2):
        with opened(place) as cache:
            assert judge(specs, cache, names=names, several=several) == plain


def test_a_file_that_did_not_change_is_not_judged_again(place: CachePlace, specs: Path) -> None:
    assert news(place, specs) == 1
    assert news(place, specs) == 0


def test_one_target_and_several_are_judged_apart(place: CachePlace, specs: Path) -> None:
    with opened(place) as cache:
        judge(specs, cache, several=True)
    assert news(place, specs) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# reconciler: ignore[no-such-rule]", "# reconciler: ignore[pagination-type]"),
        ("kind: ConnectionSpec\n", "# moved down\nkind: ConnectionSpec\n"),
        ("WHATEVER", "OFFSET"),
        ("FETCH", "GET"),
        ("kind: ConnectionSpec\n", "kind: ConnectionSpec\nflowSpecs: []\n"),
    ],
)
def test_a_change_of_the_file_is_judged(place: CachePlace, specs: Path, old: str, new: str) -> None:
    news(place, specs)
    (specs / FILE).write_text(SPEC.replace(old, new))
    assert news(place, specs) == 1


def test_a_change_of_the_settings_is_judged(place: CachePlace, specs: Path) -> None:
    codes = {problem.code for problem in judge(specs, None)}
    assert news(place, specs) == 1
    assert all(news(place, specs, {code: "off"}) == 1 for code in codes)


def test_another_choice_of_targets_is_judged(place: CachePlace, specs: Path) -> None:
    news(place, specs)
    assert news(place, specs, names=("us",)) == 1


def test_a_file_that_changed_since_it_was_read_is_judged_and_not_kept(place: CachePlace, specs: Path) -> None:
    found = [spec for of_one in read(specs).values() for spec in of_one]
    (specs / FILE).write_text(SPEC.replace("kind", "# later\nkind", 1))
    cache = CountingCache(place)
    assert lint(found, {}, NAMES, KeptFindings(cache, {}, ("one", NAMES))) == lint(found, {}, NAMES)
    cache.close()
    assert cache.news == 0


def test_a_file_that_changes_while_it_is_judged_is_judged_anew_when_it_is_as_before(place: CachePlace, specs: Path) -> None:
    (of_one,) = read(specs, ("us",)).values()
    expected = lint(of_one, {}, ("us",))
    with opened(place) as cache:
        assert cache is not None
        kept = KeptFindings(cache, {}, ("one", NAMES))

        def meanwhile() -> list[Problem]:
            (specs / FILE).write_text("changed: now\n")
            return lint(of_one, {}, ("us",))

        assert kept.of(of_one, ("us",), meanwhile) != expected
        cache.save()
        (specs / FILE).write_text(SPEC)
        assert kept.of(of_one, ("us",), lambda: expected) == expected


@pytest.mark.parametrize("value", [b"", b"\xc1", b"\x80", b"\x91\x80", b"\x91" * 3000, b"\x91\xa1x"])
def test_a_value_that_is_no_list_of_findings_is_not_taken(place: CachePlace, specs: Path, value: bytes) -> None:
    class Forged(Cache):
        def get(self, _: bytes) -> bytes:
            return value

    cache = Forged(place)
    assert judge(specs, cache) == judge(specs, None)
    cache.close()


def test_findings_of_another_file_are_not_taken(place: CachePlace, specs: Path) -> None:
    class Swapped(Cache):
        def get(self, _: bytes) -> bytes:
            return b"\x91\x84\xa8severity\xa5error\xa4code\xa1x\xa7message\xa1x\xa4file\xa5other"

    cache = Swapped(place)
    assert judge(specs, cache) == judge(specs, None)
    cache.close()


def test_the_same_specs_are_judged_anew_for_other_targets(specs: Path, place: CachePlace) -> None:
    """A finding may name its targets."""
    told = [Problem(Severity.WARNING, "of-a-rule", f"for {name}", f"specs/{FILE}", 1, 1) for name in NAMES]
    found = read(specs)["eu"]
    with opened(place) as cache:
        assert cache is not None
        kept = KeptFindings(cache, {}, ("several", NAMES))
        for name, problem in zip(NAMES, told, strict=True):
            assert kept.of(found, [name], lambda problem=problem: [problem]) == [problem]  # type: ignore[misc]
            cache.save()
