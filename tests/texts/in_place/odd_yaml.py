"""YAML texts as people write them, and stranger: every style that YAML has, with a comment of its own above and beside each entry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Final, TypeAlias

from hypothesis import strategies as st

Path: TypeAlias = tuple[str | int, ...]

_DEEPEST: Final = 3
_KEYS: Final = ("a", "b", "c", "name", "key two", "ü", "x-y", "1")
_PLAIN: Final = ("one", "two words", "1", "1.0", "true", "http://x/y?z=1", "héé", "~", "null", "a#b", "-1")
_QUOTED: Final = ("'it''s'", "'a: b'", '"x\\ty"', '""', "''", '"# no comment"', '"\\u00e9"')
_TEXTS: Final = (["one", "two"], ["one", "", "two"], ["  more", "less"], ["# no comment", "x"], ["- a: b"], ["x", "", ""])


@dataclass(slots=True)
class OddYaml:
    """A text and, for each entry in block style, what stands in it: from the comments directly above it to the end of its last line."""

    text: str = ""
    entries: dict[Path, str] = field(default_factory=dict)
    beside: dict[Path, str] = field(default_factory=dict)
    """The comment of an entry in brackets that has no comma yet."""
    heads: dict[Path, str] = field(default_factory=dict)
    """Of entries with a mapping or list in block style: the comments above them, and their first line."""


@st.composite
def odd_yaml(draw: st.DrawFn) -> OddYaml:
    """A text that may or may not be one that is read: some aliases blow up, and some keys are there twice."""
    writer = _Writer(draw)
    head = draw(st.sampled_from(["", "", "# top\n\n", "---\n", "--- # start\n", "%YAML 1.2\n---\n", "\n\n# top\n# two\n"]))
    lines = writer.mapping((), 0, 0)
    tail = draw(st.sampled_from(["", "", "\n# bottom\n", "...\n", "# bottom\n...\n# after\n", "\n\n"]))
    text = head + "\n".join(lines) + "\n" + tail
    return OddYaml(text, writer.entries, writer.beside, writer.heads)


class _Writer:
    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._numbers: Iterator[int] = count(1)
        self._anchors: list[str] = []
        self._texts = False
        """Whether the last entry that was written ends with a text over lines."""
        self._step = draw(st.sampled_from([2, 4, 3, 8]))
        self._lists = draw(st.sampled_from([0, 2, self._step]))
        self.entries: dict[Path, str] = {}
        self.beside: dict[Path, str] = {}
        self.heads: dict[Path, str] = {}

    def mapping(self, path: Path, column: int, depth: int) -> list[str]:
        keys = self._draw(st.lists(st.sampled_from(_KEYS), min_size=1, max_size=4 if depth else 5, unique=True))
        lines: list[str] = []
        for key in keys:
            lines += self._entry((*path, key), self._key(key), column, depth, is_first=not lines)
        return lines

    def items(self, path: Path, column: int, depth: int) -> list[str]:
        lines: list[str] = []
        for index in range(self._draw(st.integers(1, 4))):
            lines += self._entry((*path, index), "-", column, depth, is_first=index == 0)
        return lines

    def _entry(self, path: Path, head: str, column: int, depth: int, *, is_first: bool) -> list[str]:
        """The lines of an entry; the first one of a collection has no comment above it, since that may stand behind a dash."""
        pad = " " * column
        above: list[str] = []
        if not is_first:
            above = [""] * self._draw(st.sampled_from([0, 0, 0, 1, 2]))
            if not self._texts and self._draw(st.integers(0, 9)) == 9:
                above = [f"{' ' * self._draw(st.integers(0, column))}# astray {next(self._numbers)}", "", *above]
            above += [f"{pad}# above {next(self._numbers)}" for _ in range(self._draw(st.sampled_from([0, 0, 1, 2])))]
        first, *rest = self._value(path, head, column, depth)
        head_lines = [f"{pad}{line}" for line in first.split("\n")]
        comments = [line for line in above if line.startswith(f"{pad}# above")]
        kept = first.split(" #")[0].endswith("+")
        whole = "\n".join([*comments, *head_lines, *rest]).lstrip(" ")
        self.entries[path] = whole if kept else whole.rstrip("\n")
        if path in self.heads:
            self.heads[path] = "\n".join([*comments, *head_lines]).lstrip(" ")
        return [*above, *head_lines, *rest]

    def _key(self, key: str) -> str:
        style = self._draw(
            st.sampled_from(["plain"] * 8 + ["bare", "single", "double", "space", "mark", "mark below", "mark comment"])
        )
        return {
            "bare": f"? {key}",
            "plain": f"{key}:",
            "single": f"'{key}':",
            "double": f'"{key}":',
            "space": f"{key} :",
            "mark": f"? {key}\n:",
            "mark below": f"?\n {key}\n:",
            "mark comment": f"? {key} # key {next(self._numbers)}\n:",
        }[style]

    def _value(self, path: Path, head: str, column: int, depth: int) -> list[str]:
        if head.startswith("?") and "\n" not in head:
            return [f"{head}{self._beside()}"]
        kinds = ["plain"] * 4 + ["quoted", "empty", "text", "lines", "below", "alias", "flow", "flow lines"]
        kind = self._draw(st.sampled_from(kinds + (["mapping"] * 3 + ["list"] * 4 if depth < _DEEPEST else [])))
        if kind in ("mapping", "list"):
            return self._collection(path, head, column, depth, kind)
        self._texts = False
        if kind in ("empty", "alias"):
            return [f"{head}{self._nothing_or_alias(kind)}"]
        anchor = self._anchor()
        self._anchors += [anchor[2:]] if anchor else []
        if kind == "text":
            return self._text(f"{head}{anchor}", column)
        if kind == "flow lines":
            return self._flow_lines(path, f"{head}{anchor}", column)
        return self._one_value(f"{head}{anchor}", kind, " " * (column + self._step))

    def _nothing_or_alias(self, kind: str) -> str:
        if kind == "empty":
            return self._beside_nothing()
        return f" *{self._draw(st.sampled_from(self._anchors))}{self._beside()}" if self._anchors else " 7"

    def _one_value(self, head: str, kind: str, inner: str) -> list[str]:
        if kind == "lines":
            return self._lines(head, inner)
        if kind == "below":
            return [f"{head}{self._beside_nothing()}", f"{inner}{self._draw(st.sampled_from(_PLAIN))}{self._beside()}"]
        if kind == "flow":
            return [f"{head} {self._flow(2)}{self._beside()}"]
        tag = self._draw(st.sampled_from([""] * 9 + [" !!str", f" !!str # tag {next(self._numbers)}\n{inner}"]))
        text = self._draw(st.sampled_from(_PLAIN if kind == "plain" else _QUOTED))
        first, *below = f"{tag} {text}{self._beside()}".split("\n", 1)
        return [f"{head}{first}", *below]

    def _collection(self, path: Path, head: str, column: int, depth: int, kind: str) -> list[str]:
        is_list = kind == "list"
        if head[-1] in "-:?" and head[0] in "-?" and self._draw(st.booleans()):
            space = self._draw(st.sampled_from([1, 1, 1, 3]))
            lines = (self.items if is_list else self.mapping)(path, column + 1 + space, depth + 1)
            return [f"{head}{' ' * space}{lines[0].lstrip(' ')}", *lines[1:]]
        anchor = self._anchor()
        first = f"{head}{anchor}{self._beside_nothing()}"
        nested = column + (max(self._lists, 0 if head != "-" else 1) if is_list else self._step)
        between = [f"{' ' * nested}# between {next(self._numbers)}"] if self._draw(st.integers(0, 5)) == 5 else []
        self.heads[path] = ""
        lines = [first, *between, *(self.items if is_list else self.mapping)(path, nested, depth + 1)]
        if between:
            self._put_above(path, f"{between[0].lstrip(' ')}\n{' ' * nested}")
        lines += self._comment_inside(column, nested, lines[-1])
        self._anchors += [anchor[2:]] if anchor else []
        return lines

    def _put_above(self, path: Path, comment: str) -> None:
        """A comment above the first entry of what stands there."""
        first = next(entry for entry in self.entries if entry[:-1] == path)
        for texts in (self.entries, self.heads):
            if first in texts:
                texts[first] = comment + texts[first]

    def _comment_inside(self, column: int, nested: int, last: str) -> list[str]:
        """Below the last entry a comment that is indented further than the key; not below a text, which it would be a line of."""
        if nested == column or self._draw(st.integers(0, 5)) < 5 or not last or self._texts:
            return []
        pad = " " * self._draw(st.integers(column + 1, nested))
        return [*[""] * self._draw(st.integers(0, 1)), f"{pad}# inside {next(self._numbers)}"]

    def _text(self, head: str, column: int) -> list[str]:
        self._texts = True
        body = self._draw(st.sampled_from(_TEXTS))
        style = self._draw(st.sampled_from("|>")) + self._draw(st.sampled_from(["", "-", "+"]))
        step = self._step
        if body[0].startswith(" ") or self._draw(st.integers(0, 4)) == 4:
            style = style[0] + str(step) + style[1:]
        beside = self._beside()
        return [f"{head} {style}{beside}", *(" " * (column + step) + line if line else "" for line in body)]

    def _lines(self, head: str, inner: str) -> list[str]:
        beside = self._beside()
        return self._draw(
            st.sampled_from(
                [
                    [f"{head} one", f"{inner}two", "", f"{inner}three{beside}"],
                    [f'{head} "one', f"{inner}two \\", f'{inner}  three"{beside}'],
                    [f"{head} 'one", "", f"{inner}two'{beside}"],
                    [head, f"{inner}one", f"{inner}two{beside}"],
                ]
            )
        )

    def _flow(self, levels: int) -> str:
        kind = self._draw(st.sampled_from(["word", "word", "list", "mapping"] if levels else ["word"]))
        if kind == "word":
            return self._draw(st.sampled_from(["x", "y z", "1", "'q'", '"d"', "true", "null"]))
        items = [self._flow(levels - 1) for _ in range(self._draw(st.integers(0, 3)))]
        comma = self._draw(st.sampled_from([", ", ",  ", " , "]))
        if kind == "list":
            return f"[{comma.join(items)}]"
        keys = self._draw(st.permutations(["a", "b", "'c'"]))
        return f"{{{comma.join(f'{key}: {item}' for key, item in zip(keys, items, strict=False))}}}"

    def _flow_lines(self, path: Path, head: str, column: int) -> list[str]:
        """A list or mapping in brackets with a line for each entry; behind the last one a comma may be missing."""
        pad, inner = " " * (column + 1), " " * (column + self._step)
        is_list = self._draw(st.booleans())
        keys: list[str | int] = [0, 1, 2] if is_list else ["a", "b", "c"]
        keys = keys[: self._draw(st.integers(1, 3))]
        lines: list[str] = []
        for key in keys:
            comma = "," if key != keys[-1] or self._draw(st.booleans()) else ""
            above = [f"{inner}# above {next(self._numbers)}"] * self._draw(st.integers(0, 1))
            item = self._flow(1) if is_list else f"{key}: {self._flow(1)}"
            beside = self._beside()
            new = [*above, f"{inner}{item}{comma}{beside}"]
            self.entries[*path, key] = "\n".join(new if comma else [*above, f"{inner}{item}"]).lstrip(" ")
            if not comma:
                self.beside[*path, key] = beside
            lines += new
        brackets = "[]" if is_list else "{}"
        return [f"{head} {brackets[0]}{self._beside()}", *lines, f"{pad}{brackets[1]}{self._beside()}"]

    def _beside(self) -> str:
        lead = self._draw(st.sampled_from(["", "", "", " ", "   ", "\t", "end"]))
        return "" if not lead else " \t" if lead == "end" else f"{lead}# beside {next(self._numbers)}"

    def _beside_nothing(self) -> str:
        """The same where no value stands in the line: there a tab would be an indentation."""
        return self._beside().replace("\t", " ").rstrip()

    def _anchor(self) -> str:
        if self._draw(st.integers(0, 7)) < 7:
            return ""
        return f" &n{next(self._numbers)}"
