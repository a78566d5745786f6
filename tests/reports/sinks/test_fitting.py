"""A text on a terminal of a given width."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from reconciler.reports.sinks.fitting import LEAST, fitted
from reconciler.reports.sinks.text import width

SENTENCE = "    drift: changed in Flow Service by jane@acme at 2026-01-01T12:00:00Z; apply will overwrite it\n"
COMMAND = "next: reconciler --target stage apply acme-orders --expect dddddddddddddddd\n"


def test_a_line_goes_on_below_its_begin() -> None:
    assert fitted(SENTENCE, 60) == (
        "    drift: changed in Flow Service by jane@acme at\n      2026-01-01T12:00:00Z; apply will overwrite it\n"
    )


def test_off_a_terminal_nothing_is_wrapped() -> None:
    assert fitted(SENTENCE, None) == SENTENCE


def test_a_second_cell_goes_on_below_itself() -> None:
    assert fitted("    /authSpec    3 entries: OAuth2 Refresh Code, Basic, OAuth2 Client Credential\n", 60) == (
        "    /authSpec    3 entries: OAuth2 Refresh Code, Basic,\n                 OAuth2 Client Credential\n"
    )


def test_a_command_can_be_copied_as_it_is_shown() -> None:
    shown = fitted(COMMAND, 40)
    assert shown == "next: reconciler --target stage apply \\\n  acme-orders --expect dddddddddddddddd\n"
    assert re.sub(r" \\\n +", " ", shown) == COMMAND


def test_a_quoted_argument_is_not_parted() -> None:
    command = "next: reconciler --specs 'a folder with spaces in it' --target stage apply\n"
    assert re.sub(r" \\\n +", " ", fitted(command, 40)) == command
    assert "'a folder with spaces in it'" in fitted(command, 40)


def test_a_sentence_that_begins_like_a_command_is_a_sentence() -> None:
    assert "\\" not in fitted("next: fill it in, then run `reconciler validate` and `reconciler plan`\n", 40)


def test_a_command_within_a_sentence_stays_on_one_line() -> None:
    hint = "hint: to see which side has changed, use `reconciler diff --against HEAD`; then apply\n"
    assert "`reconciler diff --against HEAD`;" in fitted(hint, 60).replace("\n", "|")


def test_a_line_of_a_file_to_write_is_left_as_it_is() -> None:
    line = "    | description: a text that is longer than the terminal is wide\n"
    assert fitted(line, 30) == line


def test_colours_take_no_room() -> None:
    coloured = "\x1b[1m" + "word " * 12 + "\x1b[0m\n"
    assert fitted(coloured, 60) == coloured


WORD = st.text(st.sampled_from("ab\u4e2d`'\""), min_size=1, max_size=12)


@given(st.lists(WORD, max_size=30), st.integers(LEAST, 80), st.integers(0, 6))
def test_no_word_is_broken_or_lost_and_no_line_is_wider_unless_one_word_is(words: list[str], columns: int, indent: int) -> None:
    line = " " * indent + " ".join(words)
    shown = fitted(line, columns)
    assert shown.split() == line.split()
    for row in shown.split("\n"):
        assert width(row) <= columns or len(row.split()) == 1 or "`" in row
