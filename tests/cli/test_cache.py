"""`reconciler cache`: where it is, what is in it, and how it is emptied."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.cache.place import CachePlace
from reconciler.cache.store import opened, size_of
from tests.cli.fakes import CommandLine


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A cache folder with three entries."""
    with opened(CachePlace(tmp_path / "cache")) as cache:
        assert cache is not None
        for number in range(3):
            cache.put(bytes([number]) * 32, b"value" * 100_000)
    return tmp_path / "cache"


def test_it_shows_the_folder_and_its_size(reconciler: CommandLine, folder: Path) -> None:
    ran = reconciler("cache", environ={"RECONCILER_CACHE_DIR": str(folder)})
    assert ran.out == f"folder    {folder}\ncontent   3 entries in 1 file, 1.5 MB\n"


def test_it_shows_the_size_of_a_small_cache(reconciler: CommandLine, tmp_path: Path) -> None:
    with opened(CachePlace(tmp_path)) as cache:
        assert cache is not None
        cache.put(b"1" * 32, b"value" * 1_000)
    ran = reconciler("cache", environ={"RECONCILER_CACHE_DIR": str(tmp_path)})
    assert "content   1 entry in 1 file, 5." in ran.out
    assert ran.out.endswith(" KB\n")


def test_it_shows_the_same_as_json(reconciler: CommandLine, folder: Path) -> None:
    document = reconciler("cache", "--format", "json", environ={"RECONCILER_CACHE_DIR": str(folder)}).json
    assert (document["folder"], document["used"], document["entries"], document["files"]) == (str(folder), True, 3, 1)
    assert document["bytes"] == size_of(CachePlace(folder)).bytes


@pytest.mark.parametrize("form", ["text", "json"])
def test_it_empties_the_cache_and_reports_what_was_removed(reconciler: CommandLine, folder: Path, form: str) -> None:
    ran = reconciler("cache", "--clear", "--format", form, environ={"RECONCILER_CACHE_DIR": str(folder)})
    assert (ran.code, ran.err) == (0, "")
    if form == "text":
        assert ran.out == f"removed 3 entries in 1 file, 1.5 MB, from {folder}\n"
    else:
        assert (ran.json["cleared"], ran.json["entries"]) == (True, 3)
    assert size_of(CachePlace(folder)).entries == 0


@pytest.mark.parametrize(("option", "environ"), [("--no-cache", {}), ("-v", {"RECONCILER_NO_CACHE": "1"})])
def test_it_says_that_the_cache_is_off_and_can_empty_it_still(
    reconciler: CommandLine, folder: Path, option: str, environ: dict[str, str]
) -> None:
    given = environ | {"RECONCILER_CACHE_DIR": str(folder)}
    assert "not used  --no-cache or RECONCILER_NO_CACHE switches it off\n" in reconciler("cache", option, environ=given).out
    assert reconciler("cache", option, "--format", "json", environ=given).json["used"] is False
    assert reconciler("cache", option, "--clear", environ=given).out.startswith("removed 3 entries")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs the modes of POSIX")
def test_it_says_why_a_folder_is_not_used_and_what_to_do(reconciler: CommandLine, folder: Path) -> None:
    folder.chmod(0o777)
    environ = {"RECONCILER_CACHE_DIR": str(folder)}
    shown = reconciler("cache", environ=environ)
    assert f"not used  other users can write to {folder}\nhint: run chmod 700 {folder}\n" in shown.out
    refused = reconciler("cache", "--clear", environ=environ)
    assert refused.code == 1
    assert refused.err == f"error: the cache is not emptied: other users can write to {folder}\nhint: run chmod 700 {folder}\n"
    folder.chmod(0o700)
    assert size_of(CachePlace(folder)).entries == 3


def test_it_says_that_a_file_is_where_the_folder_should_be(reconciler: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environ = {"RECONCILER_CACHE_DIR": str(tmp_path / "file")}
    assert f"not used  {tmp_path / 'file'}: Not a directory\n" in reconciler("cache", environ=environ).out
    assert reconciler("cache", "--clear", environ=environ).code == 1


def test_it_says_that_the_environment_has_no_folder(reconciler: CommandLine) -> None:
    assert reconciler("cache", environ={}).out.startswith("no cache: the environment has no folder for it\n")
    assert reconciler("cache", "--format", "json", environ={}).json["folder"] is None


def test_it_says_that_ci_has_no_cache_unless_one_is_named(reconciler: CommandLine, folder: Path) -> None:
    said = "no cache: in CI, only a folder that RECONCILER_CACHE_DIR names is used\n"
    assert reconciler("cache", environ={"CI": "true", "HOME": str(folder)}).out.startswith(said)
    assert reconciler("cache", environ={"CI": "true", "RECONCILER_CACHE_DIR": str(folder)}).out.startswith("folder ")
