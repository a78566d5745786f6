"""The pages as scenes: blocks that are run one after the other in one scratch folder.

A comment before a block, which no reader sees, says what the block needs:

    <!-- console: applied, jane-raises-the-page-size -->     begin a new scene, then prepare it
    <!-- console: not run: needs a GitHub repository -->     leave the block out, for a reason

A block is run if its language is `console` or `sh`. A `yaml` block that names its file in its first line is merged into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.docs.console import PROJECT, Block

PAGES: Final = ("README.md", *(f"docs/{path.name}" for path in sorted((PROJECT / "docs").glob("*.md"))))
STARTS: Final = ("example", "applied", "empty")
RUN: Final = frozenset({"console", "sh"})
_PART: Final = re.compile(
    r"^(?:#{1,3} (?P<heading>[^\n]+)"
    r"|(?: *<!-- console: (?P<said>[^>]+?) -->\n(?: *\n)*)?(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^(?P=indent)```)$",
    re.MULTILINE | re.DOTALL,
)
_SAID: Final = re.compile(r"<!-- *console:")
_SKIPPED: Final = "not run: "
_OF_A_FILE: Final = re.compile(r"# [\w./-]+\n")


@dataclass(frozen=True, slots=True)
class Part:
    """A block of a page, what is to be prepared before it, and why it is not run, if it is not."""

    page: str
    heading: str
    line: int
    block: Block
    prepared: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Blocks that share a folder."""

    name: str
    start: str
    parts: tuple[Part, ...]


def parts(page: str, text: str) -> Iterator[Part]:
    """The blocks of a page that are run or write a file, or would be if they could. Raises ValueError for a comment without one."""
    heading, seen = "", 0
    for found in _PART.finditer(text):
        if found["heading"]:
            heading = found["heading"]
            continue
        said = found["said"] or ""
        seen += bool(said)
        if found["language"] in RUN or (found["language"] == "yaml" and _OF_A_FILE.match(found["text"])):
            indent = re.compile(f"^{found['indent']}", re.MULTILINE)
            block = Block(found["language"], indent.sub("", found["text"]))
            reason = said.removeprefix(_SKIPPED) if said.startswith(_SKIPPED) else None
            prepared = () if reason or not said else tuple(word.strip() for word in said.split(","))
            yield Part(page, heading, text[: found.start()].count("\n") + 1, block, prepared, reason)
    if seen != len(_SAID.findall(text)):
        raise ValueError(f"{page}: a comment `console:` has no block after it")


def scenes(page: str, text: str) -> list[Scene]:
    """The blocks of a page that are run, by scene. A page begins in the example repository, with nothing applied."""
    told: list[tuple[str, list[Part]]] = [("example", [])]
    for part in parts(page, text):
        if part.reason is not None:
            continue
        if part.prepared[:1] and part.prepared[0] in STARTS:
            told.append((part.prepared[0], []))
        told[-1][1].append(part)
    made = (Scene(f"{page}:{group[0].line} {group[0].heading}", start, tuple(group)) for start, group in told if group)
    return [scene for scene in made if any(part.block.language in RUN for part in scene.parts)]
