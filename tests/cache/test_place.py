"""Where the cache is, and when its folder is not used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.cache.place import CachePlace, Unusable, open_store, place_in

POSIX = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the owners and modes of POSIX")


@pytest.mark.parametrize(
    ("environ", "platform", "expected"),
    [
        ({"HOME": "/home/ann"}, "linux", "/home/ann/.cache/aep-spec-reconciler"),
        ({"HOME": "/home/ann", "XDG_CACHE_HOME": "/scratch"}, "linux", "/scratch/aep-spec-reconciler"),
        ({"HOME": "/home/ann", "XDG_CACHE_HOME": "scratch"}, "linux", "/home/ann/.cache/aep-spec-reconciler"),
        ({"HOME": "/Users/ann", "XDG_CACHE_HOME": "/scratch"}, "darwin", "/Users/ann/Library/Caches/aep-spec-reconciler"),
        ({"HOME": "/home/ann", "RECONCILER_CACHE_DIR": "/ci/cache"}, "linux", "/ci/cache"),
        ({}, "linux", None),
        ({"HOME": "/home/ann"}, "win32", None),
    ],
)
def test_the_folder_is_where_the_system_keeps_caches_unless_the_environment_names_one(
    environ: dict[str, str], platform: str, expected: str | None
) -> None:
    found = place_in(environ, platform).root
    assert (found.as_posix() if found else None) == expected


@pytest.mark.parametrize("name", ["CI", "TF_BUILD", "JENKINS_URL"])
def test_in_ci_there_is_only_a_cache_that_is_named(name: str) -> None:
    """One home folder serves the jobs of pull requests and the one that applies."""
    environ = {"HOME": "/home/runner", "XDG_CACHE_HOME": "/scratch", name: "True"}
    assert place_in(environ, "linux").store is None
    assert place_in(environ | {"RECONCILER_CACHE_DIR": "/ci/cache"}, "linux").root == Path("/ci/cache")


@pytest.mark.parametrize("value", ["", "0", "false"])
def test_ci_that_is_said_to_be_off_is_none(value: str) -> None:
    assert place_in({"HOME": "/home/ann", "CI": value}, "linux").store is not None


def test_a_relative_folder_is_seen_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert place_in({"RECONCILER_CACHE_DIR": "there"}).root == tmp_path / "there"


@pytest.mark.parametrize(("value", "is_off"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_the_environment_switches_the_cache_off(value: str, is_off: bool) -> None:
    place = place_in({"HOME": "/home/ann", "RECONCILER_NO_CACHE": value}, "linux")
    assert (place.store is None) is is_off


def test_a_command_switches_the_cache_off() -> None:
    assert place_in({"HOME": "/home/ann"}, "linux", is_off=True).store is None


def test_looking_makes_no_folder(place: CachePlace, tmp_path: Path) -> None:
    assert open_store(place, makes=False) is None
    assert not list(tmp_path.iterdir())


@POSIX
def test_a_new_folder_is_closed_to_others(place: CachePlace) -> None:
    store = open_store(place, makes=True)
    assert store is not None
    assert store.stat().st_mode & 0o777 == 0o700


@POSIX
def test_a_folder_that_others_can_read_is_not_used(place: CachePlace) -> None:
    store = open_store(place, makes=True)
    assert store is not None
    store.chmod(0o750)
    with pytest.raises(Unusable, match="can read") as refused:
        open_store(place, makes=False)
    assert f"chmod 700 {store}" in refused.value.hint


@POSIX
def test_a_folder_above_that_others_can_write_to_is_not_used(place: CachePlace) -> None:
    assert place.root is not None
    place.root.mkdir()
    place.root.chmod(0o777)
    with pytest.raises(Unusable, match="can write to"):
        open_store(place, makes=True)


@POSIX
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_not_used(place: CachePlace) -> None:
    store = open_store(place, makes=True)
    assert store is not None
    os.chown(store, 12345, 12345)
    with pytest.raises(Unusable, match="another user"):
        open_store(place, makes=False)


@pytest.mark.parametrize("linked", ["cache", "cache/specs-1"])
def test_a_link_is_not_followed(place: CachePlace, tmp_path: Path, linked: str) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    if linked != "cache":
        (tmp_path / "cache").mkdir(mode=0o700)
    (tmp_path / linked).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unusable, match="is a link"):
        open_store(place, makes=True)
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_folder_in_a_repository_is_not_used(place: CachePlace, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    with pytest.raises(Unusable, match="inside a repository"):
        open_store(place, makes=True)
    assert place.root is not None
    assert not place.root.exists()


def test_a_link_out_of_a_repository_does_not_hide_where_it_leads(tmp_path: Path) -> None:
    (tmp_path / "repository/.git").mkdir(parents=True)
    (tmp_path / "above").symlink_to(tmp_path / "repository")
    with pytest.raises(Unusable, match="inside a repository"):
        open_store(CachePlace(tmp_path / "above/cache"), makes=True)
