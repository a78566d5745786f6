"""The parts of a page, as GitHub reads its Markdown and as the site shows it: both must have the same."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

from markdown_it import MarkdownIt

COUNTED: Final = (
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "table",
        "tr",
        "th",
        "td",
        "pre",
        "ul",
        "ol",
        "li",
        "blockquote",
        "img",
        "a",
        "code",
        "strong",
        "em",
    ),
    *("pre in a list", "table in a list", "li in a list"),
)
_ARTICLE: Final = "md-content__inner"
_VOID: Final = {"img", "br", "hr", "input", "meta", "link", "source", "area", "wbr"}
_OF_THE_THEME: Final = ("headerlink", "md-content__button", "footnote", "md-source-file")


@dataclass(slots=True)
class Shown(HTMLParser):
    """A page of the site: how many of each part its text has, and every address and anchor of the whole page."""

    parts: Counter[str] = field(default_factory=Counter)
    addresses: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    description: str = ""
    _open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._note(tag, values)
        classes = values.get("class", "")
        if self._open and not any(name in classes for name in _OF_THE_THEME):
            self.parts[tag] += 1
            if "li" in self._open:
                self.parts[f"{tag} in a list"] += 1
        if tag not in _VOID and (self._open or _ARTICLE in classes):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self._open and tag not in _VOID:
            self._open.pop()

    def _note(self, tag: str, values: dict[str, str]) -> None:
        if "id" in values:
            self.anchors.add(values["id"])
        if tag == "a" and "href" in values:
            self.addresses.append(values["href"])
        if "src" in values:
            self.loaded.append(values["src"])
        if tag == "link" and values.get("rel") in {"stylesheet", "icon", "preload", "preconnect"}:
            self.loaded.append(values["href"])
        if tag == "meta" and values.get("name") == "description":
            self.description = values["content"]


def shown(page: str) -> Shown:
    """What a page of the site has."""
    found = Shown()
    found.feed(page)
    return found


def written(markdown: str) -> Counter[str]:
    """How many of each part the Markdown has, to GitHub's reading."""
    reader = Shown()
    reader.feed(f'<div class="{_ARTICLE}">{MarkdownIt("commonmark").enable("table").render(markdown)}</div>')
    return reader.parts


def differences(markdown: str, page: Shown) -> list[str]:
    """The parts that the site shows more or fewer of than GitHub does."""
    wanted = written(markdown)
    code = wanted["code"] - wanted["pre"]  # a block is a `pre` with a `code` in both, and the site may wrap it in more
    return [
        f"{tag}: {page.parts[tag]} shown, {count} written"
        for tag in COUNTED
        if (count := code if tag == "code" else wanted[tag]) != page.parts[tag] - (page.parts["pre"] if tag == "code" else 0)
    ]
