"""An icon runs nothing and loads nothing. It comes from a repository, so its XML is hostile until it is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.submission.icon import MOST_BYTES, mistakes_of_icon
from tests.submission.samples import ICON

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 8 8">'
PATH = '<path d="M0 0h8v8z"/>'


@pytest.mark.parametrize(
    "inner",
    [
        PATH,
        "<style>path{fill:url(#a)}</style><defs><linearGradient id='a'/></defs>" + PATH,
        "<use href='#a'/><path id='a' d='M0 0'/>",
        "<g><use xlink:href='#a'/></g>" + PATH,
        "<title>Acme</title><desc>Icon of Acme: https://acme.example</desc>" + PATH,
        "<!-- made with care --><![CDATA[text]]>" + PATH,
        "<title>Iconic Placeholders</title>" + PATH,
        "<path d='M0 0h8v8z'><animate attributeName='opacity' to='0'/></path>",
    ],
)
def test_a_plain_image_is_an_icon(inner: str) -> None:
    assert mistakes_of_icon(f"{HEAD}{inner}</svg>".encode()) == ()


def test_a_declaration_and_utf_16_are_fine() -> None:
    assert mistakes_of_icon(b'<?xml version="1.0" encoding="UTF-8"?>' + ICON) == ()
    assert mistakes_of_icon(f'<?xml version="1.0" encoding="UTF-16"?>{HEAD}{PATH}</svg>'.encode("utf-16")) == ()


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ("<script>x()</script>", "it contains a script"),
        ("<SCRIPT/>", "it contains a script"),
        ("<x:script xmlns:x='http://www.w3.org/1999/xhtml'/>", "it contains a script"),
        ("<foreignObject/>", "it contains a foreignObject"),
        ("<iframe/>", "it contains a frame"),
        ("<image href='#a'/>", "it contains a raster image (`image`)"),
        ("<filter><feImage/></filter>", "it contains a raster image (`feImage`)"),
        ("<g onload='x()'/>", "it has the event handler `onload`"),
        ("<use href='other.svg#a'/>", "it refers to another file or address (`href`)"),
        ("<use xlink:href='https://x.example/a.svg'/>", "it refers to another file or address (`href`)"),
        ("<a href='javascript:x()'/>", "it refers to another file or address (`href`)"),
        ("<use href=''/>", "it refers to another file or address (`href`)"),
        ("<set attributeName='href' to='javascript:x()'/>", "it refers to another file or address (animation)"),
        ("<animate attributeName='xlink:href' values='#a;other.svg'/>", "it refers to another file or address (animation)"),
        ("<g xml:base='https://x.example/'/>", "it refers to another file or address (`href`)"),
        ("<style>a{b:image-set('a.png' 1x)}</style>", "it refers to another file or address (`url(…)` or `@import`)"),
        ("<path fill='url(https://x.example/a)'/>", "it refers to another file or address (`url(…)` or `@import`)"),
        ("<path style='fill: URL( \"a.svg#b\" )'/>", "it refers to another file or address (`url(…)` or `@import`)"),
        ("<style>@import 'https://x.example/a.css';</style>", "it refers to another file or address (`url(…)` or `@import`)"),
        ("<style>a{b:url(//x.example)}</style>", "it refers to another file or address (`url(…)` or `@import`)"),
        ("<style>a{b:u\\72l(//x.example)}</style>", "its styles have escapes, which can hide an address"),
        ("<?xml-stylesheet href='a.css'?>", "it has the processing instruction `xml-stylesheet`"),
        ("<title>Placeholder</title>", "its `title` is a placeholder"),
        ("<title> untitled </title>", "its `title` is a placeholder"),
        ("<title>Layer 1</title>", "its `title` is a placeholder"),
    ],
)
def test_what_an_icon_must_not_have_is_named(inner: str, said: str) -> None:
    assert said in mistakes_of_icon(f"{HEAD}{inner}{PATH}</svg>".encode())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "it is not well-formed XML: line 1: no element found"),
        (b"<svg", "it is not well-formed XML: line 1: unclosed token"),
        (b"\x89PNG\r\n", "it is not well-formed XML"),
        (b'<?xml version="1.0" encoding="x-none"?><svg/>', "it is"),
        (b"<html/>", "its first element is not `svg`"),
        (b'<svg viewBox="0 0 8 8"><path d=""/></svg>', "its first element is not `svg`"),
        (HEAD.replace(' viewBox="0 0 8 8"', "").encode() + PATH.encode() + b"</svg>", "it has no `viewBox`"),
        (HEAD.replace("0 0 8 8", "0 0 8").encode() + PATH.encode() + b"</svg>", "its `viewBox` is not four numbers"),
        (HEAD.replace("0 0 8 8", "0 0 0 8").encode() + PATH.encode() + b"</svg>", "its `viewBox` is not four numbers"),
        (HEAD.replace("0 0 8 8", "0 0 8 -8").encode() + PATH.encode() + b"</svg>", "its `viewBox` is not four numbers"),
        (HEAD.encode() + b"</svg>", "it draws nothing"),
        (b"<!DOCTYPE svg>" + ICON, "it has a DOCTYPE, which can define entities"),
        (b" " * (MOST_BYTES + 1), "it has 1,000,001 bytes; the limit is 1,000,000"),
        (HEAD.encode() + b"<g>" * 300 + b"</g>" * 300 + b"</svg>", "it has more than 20,000 elements, or more than 200 levels"),
        (HEAD.encode() + b"<g/>" * 30_000 + b"</svg>", "it has more than 20,000 elements, or more than 200 levels"),
    ],
)
def test_what_is_no_icon_is_refused(data: bytes, said: str) -> None:
    assert any(found.startswith(said) for found in mistakes_of_icon(data)), mistakes_of_icon(data)


@pytest.mark.parametrize(
    "data",
    [
        ICON + b" " * (MOST_BYTES - len(ICON)),
        f"{HEAD}{'<g>' * 198}{PATH}{'</g>' * 198}</svg>".encode(),
        f"{HEAD}{PATH * 19_999}</svg>".encode(),
    ],
)
def test_a_large_icon_within_the_limits_is_read(data: bytes) -> None:
    assert mistakes_of_icon(data) == ()


def test_entities_are_never_expanded() -> None:
    bomb = b'<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (98 + i, 97 + i, 97 + i, 97 + i, 97 + i) for i in range(20)
    )
    assert mistakes_of_icon(bomb + b"]>" + ICON) == ("it has a DOCTYPE, which can define entities",)
    outside = b'<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'
    assert mistakes_of_icon(outside) == ("it has a DOCTYPE, which can define entities",)


def test_several_mistakes_are_named_at_once() -> None:
    found = mistakes_of_icon(f"{HEAD}<script/><g onclick='x'/><image/></svg>".encode())
    assert len(found) == 4


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(data: bytes) -> None:
    assert mistakes_of_icon(data)


@given(st.text(alphabet="<>/='\"svgpathxlink:href#&;!?-[] ", max_size=80))
def test_any_text_inside_is_answered(text: str) -> None:
    mistakes_of_icon(f"{HEAD}{text}{PATH}</svg>".encode())
