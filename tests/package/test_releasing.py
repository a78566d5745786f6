from __future__ import annotations

from pathlib import Path

import pytest

from reconciler import __version__
from tests.package.building import compare
from tests.package.processes import Failed
from tests.package.releasing import check, notes_of

CHANGELOG = """# Changelog

## Unreleased

### Added

- A thing.

## 1.2.0 - 2026-11-28

- Another thing.

## 1.1.0

- No date.

## 1.0.0 - 2026-11-01
"""
URLS = ["Issues, https://github.com/acme/reconciler/issues", "Repository, https://github.com/acme/reconciler"]


def test_the_notes_of_a_release_are_its_section_of_the_changelog() -> None:
    assert notes_of(CHANGELOG, "1.2.0") == "- Another thing.\n"


def test_a_rehearsal_takes_what_is_unreleased() -> None:
    assert notes_of(CHANGELOG, None) == "### Added\n\n- A thing.\n"


@pytest.mark.parametrize(
    ("version", "reason"),
    [("1.1.0", "has no date"), ("1.0.0", "is empty"), ("0.9.0", "no section"), ("1.2", "no section|no date")],
)
def test_a_release_without_dated_notes_is_refused(version: str, reason: str) -> None:
    with pytest.raises(Failed, match=reason):
        notes_of(CHANGELOG, version)


def test_a_tag_names_the_version_and_the_metadata_the_repository() -> None:
    check(f"v{__version__}", "acme/reconciler", URLS)
    with pytest.raises(Failed, match="the tag is v9"):
        check("v9", "acme/reconciler", URLS)
    with pytest.raises(Failed, match="do not lead to acme/other"):
        check(f"v{__version__}", "acme/other", URLS)


@pytest.mark.parametrize("other", [{"a.whl": b"2"}, {"a.whl": b"1", "b.whl": b"1"}, {}])
def test_builds_that_differ_are_refused(tmp_path: Path, other: dict[str, bytes]) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder, files in ((first, {"a.whl": b"1"}), (second, other)):
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
    compare(first, first)
    with pytest.raises(Failed, match="two builds differ"):
        compare(first, second)
