"""Sentences of files and of the service, in Markdown: their words are text, and nothing in them is more than text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.reports.sinks.markdown import bullet, table, table_row
from reconciler.reports.sinks.prose import prose
from tests.reports.sinks.test_markdown import ANY, NASTY, PARSER, assert_safe, text_of

WORDS = st.lists(
    st.sampled_from(
        [*NASTY, "a", "(", "'", "'b'", "`c`", ":", ".", "1.", "2)", "-", "+", "=", "deadbeef1", "1234567", "x:", ":y:"]
    ),
    max_size=8,
)
SENTENCE = ANY | WORDS.map(" ".join) | WORDS.map("".join)


@given(SENTENCE)
def test_a_sentence_is_only_text_in_a_paragraph_a_list_and_a_table(text: str) -> None:
    shown = prose(text)
    cells = table(("a", "b"), [table_row((shown, shown))])
    tokens = assert_safe("\n\n".join([shown, bullet(f"**x** {shown} (x)\\\nhint: {shown}"), cells]) + "\n")
    assert sum(token.type == "td_open" for token in tokens) == 2
    assert sum(token.type == "list_item_open" for token in tokens) == 1


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["C", "Z"], exclude_characters="'`"), min_size=1), min_size=1))
def test_a_reader_sees_every_word(words: list[str]) -> None:
    text = " ".join(words)[:500].strip()
    assert text_of(PARSER.parse(f"x {prose(text)} x")) == f"x {text} x"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the catalog's list isn't valid: why (and where)?", "the catalog's list isn't valid: why (and where)?"),
        ("'a' and `b` (see 'c'), then 'd'.", "<code>a</code> and <code>b</code> (see <code>c</code>), then <code>d</code>."),
        ("not tried — yet", "not tried — yet"),
        ("by @me", "by <code><wbr>&#64;me</code>"),
        ("as abcdef1 or 1234567", "as <code>abcdef1</code> or <code>1234567</code>"),
        ("of abcdef1, which", "of <code>abcdef1</code>, which"),
        ("in a/b.yaml: none.", "in <code>a&#47;b&#46;yaml</code>: none."),
        ("see ABC-12 and GH-1", "see <code>ABC-12</code> and <code>GH-1</code>"),
        ("see www. a", "see <code>www</code>. a"),
        ("1. no list", "<code>1</code>. no list"),
        ("    no block", "no block"),
        ("deadbeef is effaced", "<code>deadbeef</code> is <code>effaced</code>"),
    ],
)
def test_words_are_text_and_names_are_code(text: str, shown: str) -> None:
    assert prose(text) == shown


def test_a_long_sentence_is_cut() -> None:
    assert prose("word " * 5, 10) == "word word…".replace("word…", "<code>word&#8230;</code>")
