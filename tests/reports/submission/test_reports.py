"""A submission as text and Markdown: nothing that a file says can change the terminal or the page."""

from __future__ import annotations

from dataclasses import replace

from reconciler.reports.submission.markdown import submit_markdown
from reconciler.reports.submission.text import keys_text, submit_text
from reconciler.submission.keys import KeysWritten
from reconciler.submission.report import KeptPage, OpenPlace, SubmitReport
from tests.submission.samples import built, material, ui

HOSTILE = "\x1b[31mred\u202e<b>|"


def test_the_summary_counts_what_is_wrong() -> None:
    assert SubmitReport(built()).summary == "ready: 2 warnings"
    assert SubmitReport(built(material(files={}))).summary == "not ready: 2 checks refused, nothing written"
    assert SubmitReport(built(material(files={}), draft=True)).summary == "draft written: 2 checks refused, 2 warnings"


def test_hostile_words_are_escaped_in_a_terminal() -> None:
    submission = built(material(ui(category={"key": HOSTILE})))
    hostile = replace(submission, kept=(KeptPage(HOSTILE, (f"+{HOSTILE}",)),), open_places=(OpenPlace(HOSTILE, HOSTILE),))
    text = submit_text(SubmitReport(hostile, HOSTILE, (HOSTILE,), others=(HOSTILE,)), color=True)
    assert "\u202e" not in text
    assert "\x1b[31mred" not in text.replace("\x1b[31mrefuse", "")


def test_hostile_words_are_escaped_in_markdown() -> None:
    submission = built(material(ui(category={"key": HOSTILE})))
    hostile = replace(submission, open_places=(OpenPlace(HOSTILE, HOSTILE),))
    text = submit_markdown(SubmitReport(hostile, HOSTILE, (HOSTILE,)))
    assert "<b>" not in text
    assert "\u202e" not in text


def test_the_same_place_in_several_pages_is_said_once() -> None:
    submission = replace(built(), open_places=(OpenPlace("a.md", "say x"), OpenPlace("b.md", "say x")))
    assert "2 places to fill in:\n  say x\n    a.md, b.md\n" in submit_text(SubmitReport(submission))


def test_an_overlay_that_keeps_its_words_is_named() -> None:
    text = keys_text(KeysWritten("specs/a.yaml", "a.yaml", b"", b"x", {"icon": "k"}, ("prod",)), key="a")
    assert "warning: the overlay of prod sets one of them, too, and was not changed\n" in text
    assert text.endswith("next: set `submission: {submitted: true}` in proof.yaml, then run reconciler plan a\n")


def test_keys_that_are_there_are_not_written() -> None:
    text = keys_text(KeysWritten("specs/a.yaml", "a.yaml", b"", None, {"icon": "k"}), key="a")
    assert text == "specs/a.yaml already has these keys\n"
