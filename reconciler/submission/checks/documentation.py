"""What reviewers of Adobe's documentation asked for, on pages that people may have edited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from reconciler.errors import count
from reconciler.submission.check import Check, held, warned
from reconciler.submission.documentation.markup import todos_in
from reconciler.submission.documentation.parts import NO_CONTACT, NO_TEAM
from reconciler.submission.documentation.paths import PAGES
from reconciler.submission.material import Material

LONGEST: Final = 500
"""Characters of a paragraph: reviewers ask for short ones."""
_NAME: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.md")
_README: Final = "README.md"


def documentation_check(material: Material, pages: Mapping[str, str]) -> Check:
    """The pages are as reviewers want them, and nothing in them is left to fill in."""
    found: dict[str, list[str]] = {}
    for path, page in sorted(pages.items()):
        for said in _said(material, path, page):
            found.setdefault(said, []).append(path.removeprefix(PAGES))
    listed = [f"{', '.join(paths)}: {said}" for said, paths in found.items()]
    open_places = sum(len(todos_in(page)) for page in pages.values())
    if open_places:
        listed.append(f"{count(open_places, 'place')} to fill in")
    if listed:
        hint = "change the pages, or what they are written from"
        if open_places:
            hint = "look for `TODO(submit)` in the pages, fill each in, and remove its line"
        return warned("documentation", "; ".join(listed), hint)
    return held("documentation", f"{count(len(pages), 'page')}, complete")


def _said(material: Material, path: str, page: str) -> Iterator[str]:
    name = path.rpartition("/")[2]
    if name == _README:
        return
    if not _NAME.fullmatch(name):
        yield "the file name is not in kebab case"
    head = _front_matter(page)
    if head is None:
        yield "no front matter"
    else:
        yield from _in_front_matter(material, head)
    if "[!IMPORTANT]" not in page:
        yield "no important note on who maintains the source"
    elif not re.search(r"\[!IMPORTANT\](?:\n>.*)*contact", page):
        yield "no contact in the important note"
    if NO_TEAM in page or NO_CONTACT in page:
        yield "nobody is named in the important note"
    longest = max((len(paragraph) for paragraph in _paragraphs(page)), default=0)
    if longest > LONGEST:
        yield f"a paragraph of {longest} characters"


def _in_front_matter(material: Material, head: str) -> Iterator[str]:
    for key in ("title", "description"):
        if not re.search(rf"^{key}:\s*\S", head, re.MULTILINE):
            yield f"no `{key}` in the front matter"
    if re.search(r"^exl-id:", head, re.MULTILINE):
        yield "an `exl-id` in the front matter, which Adobe's build adds"
    if material.is_beta and not re.search(r"^badge:\s*['\"]?Beta\b", head, re.MULTILINE):
        yield "no `badge: Beta` in the front matter"
    if not re.search(r"^last-substantial-update:\s*\d{4}-\d\d-\d\d\s*$", head, re.MULTILINE):
        yield "no `last-substantial-update` in the front matter"


def _front_matter(page: str) -> str | None:
    found = re.match(r"---\n(.*?\n)---\n", page, re.DOTALL)
    return found[1] if found else None


def _paragraphs(page: str) -> Iterator[str]:
    """Paragraphs of prose: no tables, code, notes, lists, headings or front matter."""
    prose = re.sub(r"(?ms)^(`{3,}).*?^\1$|\A---\n.*?^---$", "", page)
    for paragraph in prose.split("\n\n"):
        text = paragraph.strip()
        if text and not text.startswith(("|", ">", "#", "-", "!")):
            yield text
