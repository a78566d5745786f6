"""The Markdown sink, read back by an independent parser of CommonMark: nothing untrusted becomes anything but text."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from reconciler.reports.sinks.markdown import (
    Blocks,
    bullet,
    code,
    details,
    diff_line,
    fence,
    file_link,
    fitting,
    has_marker,
    left_out,
    link,
    listed,
    marker,
    no_links,
    section,
    size,
    table,
    table_row,
    table_section,
)
from tests.reports.sinks.test_escaping import ENCODABLE, HOSTILE, is_harmless

NASTY = (
    "](javascript:alert(1))",
    "@team",
    "jane@acme.example",
    "```",
    "`" * 300,
    "</details>",
    "</code><img src=x>",
    "| x |",
    "<!-- -->",
    "-->",
    "![x](https://evil.example/x.png)",
    "[x](https://evil.example)",
    "https://evil.example",
    "www.evil.example",
    "#1",
    "acme/x#1",
    "GH-1",
    ":tada:",
    "$$x$$",
    "&lt;b&gt;",
    "\u202egnp.exe",
    "::error::x",
    "##[error]x",
    "a\n\n# b",
    "\\",
    "***",
    "x" * 100_000,
)
OURS = "https://files.example/"
_INLINE_HTML = {"<code>", "</code>", "<wbr>"}
_MARKER = re.compile(r"<!-- reconciler:\w+ target=[\w.%~-]* specs=[\w.%~-]* -->\n?")
_SUMMARY = re.compile(r"<details><summary>(?P<inside>[^<]*(?:<(?:/?code|wbr)>[^<]*)*)</summary>\n?")
_ACTIVE = re.compile(r"@|#\d|\bGH-\d|www\.|://|\b(?=\d*[a-f])[0-9a-f]{7,40}\b|:\w+:(?!\d)", re.IGNORECASE)
"""What GitHub turns into a mention, a reference, a link, a commit or an emoji, outside of code."""
_LINKED = re.compile(r"[\w.+-]@|www\.|:/", re.IGNORECASE)
"""What a parser may turn into a link in the text between two tags, even inside `<code>`."""
_BLOCKS = {
    "heading_open", "paragraph_open", "inline", "bullet_list_open", "list_item_open", "html_block", "fence", "table_open",
    "thead_open", "tbody_open", "tr_open", "th_open", "td_open",
}  # fmt: skip
PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")


def ours(file: str, _line: int | None) -> str:
    """Links to every file, as hostile as its name."""
    return OURS + file


def assert_safe(report: str) -> list[Token]:
    """Whether a report holds no Markdown but ours; its tokens."""
    tokens = PARSER.parse(report)
    lines = report.split("\n")
    kinds = {token.type for token in tokens if token.nesting >= 0}
    assert kinds <= _BLOCKS
    for token in tokens:
        if token.type == "html_block":
            _assert_our_block(token.content)
        elif token.type == "fence":
            _assert_closed(token, lines)
        elif token.type == "inline":
            _assert_inline(token.children or [])
        elif token.type == "heading_open":
            assert token.markup in ("###", "####")
    _assert_tables(tokens, lines)
    _assert_folds(tokens)
    assert [line for line in lines if not is_harmless(line)] == []
    return tokens


def _assert_our_block(content: str) -> None:
    assert _MARKER.fullmatch(content) or _SUMMARY.fullmatch(content) or content.strip() == "</details>"


def _assert_closed(token: Token, lines: list[str]) -> None:
    assert token.map
    assert lines[token.map[1] - 1].strip() == token.markup
    assert token.info in ("", "diff", "sh", "yaml")
    if token.info == "diff":
        content = token.content.removesuffix("\n").split("\n")
        assert [line for line in content if line and line[:2] not in ("+ ", "- ", "  ")] == []


def _assert_inline(children: list[Token]) -> None:
    inside = linked = 0
    for child in children:
        assert child.type in (
            "text", "html_inline", "link_open", "link_close", "softbreak", "hardbreak", "strong_open", "strong_close", "code_inline",
        )  # fmt: skip
        if child.type == "html_inline":
            assert child.content in _INLINE_HTML
            inside += {"<code>": 1, "</code>": -1}.get(child.content, 0)
        elif child.type == "link_open":
            _assert_address(str(child.attrs["href"]))
        linked += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "text":
            assert not (_LINKED if inside or linked else _ACTIVE).search(child.content)
        assert inside in (0, 1)
    assert inside == linked == 0


def _assert_address(address: str) -> None:
    assert address.startswith(OURS)
    assert re.fullmatch(r"[A-Za-z0-9/:?#=%@+,;&._~-]+", address)


def _assert_tables(tokens: list[Token], lines: list[str]) -> None:
    for number, token in enumerate(tokens):
        if token.type == "table_open":
            assert token.map
            rows = lines[token.map[0] : token.map[1]]
            assert {row.count("|") for row in rows} == {rows[0].count("|")}
            width = sum(cell.type == "th_open" for cell in tokens[number : number + 100])
            assert rows[0].count("|") == width + 1


def _assert_folds(tokens: list[Token]) -> None:
    depth = 0
    for token in tokens:
        if token.type == "html_block" and not token.content.startswith("<!--"):
            depth += 1 if token.content.startswith("<details>") else -1
            assert depth in (0, 1)
    assert depth == 0


def text_of(tokens: list[Token]) -> str:
    """What a reader sees of the running text."""
    return "".join(child.content for token in tokens for child in token.children or [] if child.type in ("text", "code_inline"))


def fences_of(tokens: list[Token]) -> Iterator[str]:
    return (token.content for token in tokens if token.type == "fence")


ANY = HOSTILE | st.sampled_from(NASTY)


@given(ANY)
def test_code_is_only_text_in_prose_a_heading_a_list_a_table_a_summary_and_a_link(text: str) -> None:
    shown = code(text)
    cells = table(("a", "b"), [table_row((shown, link(shown, OURS)))])
    tokens = assert_safe("\n\n".join([shown, f"### {shown}", bullet(f"**x** {shown}"), cells, details(shown, shown)]) + "\n")
    assert sum(token.type == "td_open" for token in tokens) == 2


@given(st.text(alphabet=st.characters(categories=["L", "M", "N"]) | st.sampled_from(" ,-"), max_size=80))
def test_letters_and_digits_of_any_script_stay_as_they_are(text: str) -> None:
    assert code(f"x{text}", 100) == f"<code>x{text}</code>"


def test_a_mark_that_would_go_with_the_tag_before_it_is_a_reference() -> None:
    assert code("\u0338x\u0338") == "<code>&#824;x\u0338</code>"


@given(st.text(alphabet=st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Zl", "Zp"]), min_size=1, max_size=80))
def test_a_reader_sees_the_very_text(text: str) -> None:
    assert text_of(PARSER.parse(f"x{code(text)}x")) == f"x{text}x"


def test_a_mention_is_written_with_references() -> None:
    assert code("@a|b") == "<code><wbr>&#64;a&#124;b</code>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("jane@acme", "jane<wbr>&#64;acme"), ("www.a", "www<wbr>&#46;a"), ("a://b", "a&#58;<wbr>&#47;&#47;b"), ("a.b", "a&#46;b")],
)
def test_no_parser_finds_an_address_once_the_references_are_read(text: str, shown: str) -> None:
    assert code(text) == f"<code>{shown}</code>"


def test_a_long_text_is_cut() -> None:
    assert code("x" * 81) == f"<code>{'x' * 79}&#8230;</code>"
    assert code("x" * 80) == f"<code>{'x' * 80}</code>"
    assert code("\x00" * 5, 8) == "<code>&#92;x00&#92;x0&#8230;</code>"


@given(st.lists(ANY, max_size=4), st.sampled_from(["", "diff"]))
def test_no_line_ends_its_fence(lines: list[str], language: str) -> None:
    shown = [diff_line("+", line) for line in lines]
    (content,) = fences_of(assert_safe(f"{fence(shown, language)}\n\nafter\n"))
    assert content == "".join(f"{line}\n" for line in shown)


@given(st.lists(ANY, max_size=4))
def test_a_fence_in_a_list_stays_in_its_item(lines: list[str]) -> None:
    tokens = assert_safe(f"{bullet('one', fence(lines))}\n{bullet('two')}\n")
    assert sum(token.type == "list_item_open" for token in tokens) == 2


@given(ENCODABLE | st.sampled_from(NASTY))
def test_an_address_holds_nothing_that_ends_it(name: str) -> None:
    tokens = assert_safe(f"| a |\n| --- |\n| {link('x', OURS + name)} |\n")
    assert sum(token.type == "td_open" for token in tokens) == 1


@pytest.mark.parametrize("url", [None, "", "javascript:alert(1)", "//evil.example", "/x", " https://x", f"{OURS}{'x' * 2_000}"])
def test_what_is_no_address_of_the_web_is_no_link(url: str | None) -> None:
    assert link("x", url) == "x"


def test_an_address_keeps_its_query() -> None:
    (token,) = PARSER.parseInline(link("x", f"{OURS}a%20b?c=1&copy;=2#L3"))
    assert token.children
    assert token.children[0].attrs["href"] == f"{OURS}a%20b?c=1&copy;=2#L3"


def test_a_file_is_linked_where_it_can_be_looked_at() -> None:
    assert file_link(None, 3, ours) == ""
    assert file_link("a", 3, no_links) == "<code>a&#58;3</code>"
    assert file_link("a", 3, ours, 7) == f"[<code>a&#58;3&#58;7</code>](<{OURS}a>)"


@given(ANY, ANY)
def test_a_marker_is_one_comment_whatever_it_names(target: str, specs: str) -> None:
    made = marker("plan", target, specs)
    assert _MARKER.fullmatch(made)
    assert "--" not in made.removeprefix("<!--").removesuffix("-->")
    assert size(made) < 500
    assert has_marker(f"{made}\n\nmore", made)


@given(st.tuples(ANY, ANY), st.tuples(ANY, ANY))
def test_markers_of_two_places_differ(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert (marker("plan", *one) == marker("plan", *other)) is (one == other)


def test_a_marker_can_be_read() -> None:
    assert marker("plan", "stage", "teams/a") == "<!-- reconciler:plan target=stage specs=teams%2Fa -->"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("M", True),
        ("M\nmore", True),
        ("M \t\r\nmore", True),
        ("", False),
        ("\nM", False),
        (" M", False),
        ("Mx", False),
        ("> M", False),
    ],
)
def test_a_marker_is_found_on_the_first_line_only(body: str, found: bool) -> None:
    made = marker("plan", "stage", "specs")
    assert has_marker(body.replace("M", made), made) is found


@given(st.lists(st.text(max_size=30), max_size=8), st.integers(40, 120), st.text(max_size=30))
def test_blocks_stay_within_their_limit_and_say_what_did_not_fit(blocks: list[str], limit: int, ending: str) -> None:
    body = Blocks(limit, "opening", ending)
    added = [block for block in blocks if body.add(block)]
    kept = [block for block in added if block]
    report = body.render()
    assert size(report) <= limit
    assert report in ("\n\n".join(["opening", *kept, *end]) + "\n" for end in ([ending] if ending else [], []))


def test_the_room_of_the_ending_is_kept() -> None:
    body = Blocks(20, "open", "end")
    assert not body.add("x" * (body.room + 1))
    assert body.add("x" * body.room)
    assert body.render() == "open\n\nxxxxxxxx\n\nend\n"
    assert size(body.render()) == 20


def test_items_that_cannot_fit_are_not_even_rendered() -> None:
    rendered: list[int] = []
    assert fitting(range(100), lambda item: rendered.append(item) or "xx", 9) == ["xx"] * 3  # type: ignore[func-returns-value]
    assert rendered == [0, 1, 2, 3]


def test_what_is_left_out_is_named_and_counted() -> None:
    names = [f"n{number}" for number in range(2_000)]
    assert listed(names[:2], 100) == "<code>n0</code>, <code>n1</code>"
    assert listed(names, 60) == "<code>n0</code>, <code>n1</code> and 1,998 more"
    assert listed(names, 10) == "2,000"
    assert left_out("details left out", names, 80) == "… details left out: <code>n0</code>, <code>n1</code> and 1,998 more"


@given(st.integers(0, 60), st.integers(150, 3_000))
def test_a_section_and_its_note_stay_within_their_room(number: int, room: int) -> None:
    names = [f"name {index}" for index in range(number)]

    def note(rest: list[str], left: int) -> str:
        return left_out(f"{len(rest)} more", rest, left)

    for shown in (
        section("Names", names, lambda name: bullet(code(name)), note, room),  # type: ignore[arg-type]
        table_section("Names", ("a", "b"), names, lambda name: table_row((code(name), "")), note, room),  # type: ignore[arg-type]
    ):
        assert size(shown) <= room
        assert bool(shown) is bool(names)
        counted = re.search(r"… (\d+) more: ", shown)
        assert shown.count("- <code>") + shown.count("| <code>") + (int(counted[1]) if counted else 0) == number
