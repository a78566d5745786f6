"""When a command prints what a page shows."""

from __future__ import annotations

import pytest

from tests.docs.pages.matching import Matcher

OURS, THEIRS = "4fe859de-3f5a-4f5e-9f5e-1a3f6c0de0c0", "60c0f244-1108-48f0-a047-697b3ab75be0"


@pytest.mark.parametrize(
    ("shown", "printed", "fits"),
    [
        ((), "", True),
        ((), "a\n", False),
        (("a",), "a\n", True),
        (("a",), "b\n", False),
        (("a",), "a\nb\n", False),
        (("a", "…", "d"), "a\nb\nc\nd\n", True),
        (("a", "…"), "a\n", True),
        (("a …", "b"), "a 4fe859de\nb\n", True),
        (("a (…) b",), "a (c d) b\n", True),
        (("a…",), "b\n", False),
        ((".*",), "a\n", False),
    ],
)
def test_an_ellipsis_stands_for_any_lines_or_any_text(shown: tuple[str, ...], printed: str, fits: bool) -> None:
    assert Matcher().fits(shown, printed) is fits


@pytest.mark.parametrize(
    ("shown", "printed"),
    [
        (OURS, THEIRS),
        ("0" * 64, "af" * 32),
        ("2026-11-23T18:00:34Z", "2027-01-02T03:04:05.678Z"),
        ("2026-11-23", "2027-01-02"),
        ("20261123T180034.123456Z-local.jsonl", "20270102T030405.000001Z-local.jsonl"),
        ("20261127T1012-7f3a", "20270102T0304-00ff"),
        ("http://127.0.0.1:4010/a", "http://127.0.0.1:54321/a"),
        ("digest 0f3a0f3a0f3a", "digest 123456789abc"),
    ],
)
def test_what_differs_in_each_run_may_differ_and_is_given_to_the_commands_below(shown: str, printed: str) -> None:
    matcher = Matcher()
    assert matcher.fits((shown,), f"{printed}\n")
    assert matcher.said(f"show {shown}") == f"show {printed}"


@pytest.mark.parametrize(("shown", "printed"), [(OURS, "no id"), ("0" * 64, "0" * 63), ("2026-11-23", "yesterday")])
def test_what_differs_keeps_its_form(shown: str, printed: str) -> None:
    assert not Matcher().fits((shown,), f"{printed}\n")


def test_an_id_that_is_shown_twice_is_the_same_twice() -> None:
    assert not Matcher().fits((OURS, OURS), f"{OURS}\n{THEIRS}\n")
    matcher = Matcher()
    assert matcher.fits((OURS,), f"{THEIRS}\n")
    assert not matcher.fits((OURS,), f"{OURS}\n")
    assert matcher.fits((OURS,), f"{THEIRS}\n")


def test_the_next_server_has_an_address_of_its_own() -> None:
    matcher = Matcher()
    assert matcher.fits(("127.0.0.1:4010",), "127.0.0.1:5000\n")
    assert not matcher.fits(("127.0.0.1:4010",), "127.0.0.1:6000\n")
    matcher.begin_server()
    assert matcher.fits(("127.0.0.1:4010",), "127.0.0.1:6000\n")
