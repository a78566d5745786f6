"""The changes of one spec as Markdown: a diff block, cut to a budget of bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.errors import count
from reconciler.planning.plan import ActionName
from reconciler.reports.plan.effects import first_effects
from reconciler.reports.plan.effects_markdown import effect_words
from reconciler.reports.plan.notes import entry_words, names_of, own_cause
from reconciler.reports.plan.notes import notes_of as first_notes_of
from reconciler.reports.plan.view import ActionView, ChangeView, PlanView
from reconciler.reports.sinks.markdown import NOTE, POINTER, code, details, diff_line, fence, fitting, left_out, size
from reconciler.reports.sinks.values import DiffLine, Value, signed_lines, summary_of

_FEW: Final = 3
_FEW_CHANGES: Final = 8
"""Maximum number of specs, and of their changes, that are shown unfolded."""
_LINES: Final = 30
"""Maximum number of lines of one change."""
_HALF: Final = _LINES // 2
_LINE: Final = 160
"""Maximum number of characters of one line."""
_SPEC: Final = 7_500
"""Maximum number of bytes for the diffs of one spec, so that none uses the whole budget."""
_LEAST: Final = 200
"""Minimum number of bytes to start a spec."""
_FENCE: Final = 80
"""Bytes of a fence and of the line that counts omissions."""
_LONG_FENCE: Final = _FENCE + 2 * (POINTER + 1)
"""The same, for a fence around a line of backticks."""
_EFFECTS: Final = 5
"""Maximum number of effects of one spec."""
_REASON: Final = 200
"""Maximum number of characters of an effect's reason."""


@dataclass(frozen=True, slots=True)
class Differences:
    """Renders the changes of specs. `names` maps ids to their names in the repository. The live value is first, unless `to_live`."""

    names: Mapping[str, str]
    to_live: bool = False

    def block(self, action: ActionView, room: int) -> str:
        """The changes as a `diff` block of at most this many bytes; omissions are counted. Empty if nothing changes."""
        for spare in (_FENCE, _LONG_FENCE):
            lines = self._fitting(action, min(room, _SPEC) - spare)
            if lines and size(block := fence(lines, "diff")) <= room:
                return block
        return ""

    def _fitting(self, action: ActionView, room: int) -> list[str]:
        shown: list[str] = []
        for index, change in enumerate(action.changes):
            lines = [diff_line(sign, line) for sign, line in self._lines(action, change)]
            if shown and len(lines) > 1:
                lines = ["", *lines]
            part = fitting(lines, str, room)
            if len(part) < len(lines):
                kept = [] if shown else part  # only the first change may be truncated
                return [*shown, *kept, diff_line(" ", _unshown(len(action.changes) - index, cut=bool(kept)))]
            shown += part
            room -= sum(size(line) + 1 for line in part)
        return shown

    def _lines(self, action: ActionView, change: ChangeView) -> list[DiffLine]:
        if action.moves_id(change):
            attaches = change.op == "add"
            sign, entry = "+" if attaches is not self.to_live else "-", change.new if attaches else change.old
            return [(sign, _cut(entry_words(entry, self.names)) + own_cause(action, change))]
        if action.action is ActionName.CREATE and not self.to_live:
            return [("+", f"{_cut(change.path)}  {summary_of(change.new)}")]
        before, after = (change.new, change.old) if self.to_live else (change.old, change.new)
        return [(" ", f"{change.path[:POINTER]}{own_cause(action, change)}"), *_value_lines(before, after)]


def notes_of(action: ActionView) -> list[str]:
    """Notes on an action, as sentences in Markdown."""
    return [*(note.words for note in first_notes_of(action, code, "**")), *_effects(action)]


def _effects(action: ActionView) -> list[str]:
    effects, more = first_effects(action.effects, _EFFECTS)
    return [*(effect_words(effect, _REASON) for effect in effects), *([more] if more else [])]


def is_small(actions: Sequence[ActionView]) -> bool:
    """Whether the changes of these actions are few enough to be read without unfolding them."""
    return len(actions) <= _FEW and sum(len(action.changes) for action in actions) <= _FEW_CHANGES


def folded(view: PlanView, actions: Sequence[ActionView], room: int) -> str:
    """The changes of each action, folded unless they are few, within this many bytes; actions without room are named and counted."""
    differences = Differences(names_of(view))
    show = _open if is_small(actions) else details
    blocks: list[str] = []
    left = room - min(NOTE, room // 3)
    for action in actions:
        block = one_folded(action, differences, left, show)
        if not block:
            break
        blocks.append(block)
        left -= size(block) + 2
    rest = actions[len(blocks) :]
    if rest:
        names = [action.key or action.name for action in rest]
        blocks.append(left_out(f"details of {count(len(rest), 'spec')} are left out", names, min(NOTE, room // 3) - 4))
    return "\n\n".join(blocks)


def one_folded(
    action: ActionView,
    differences: Differences,
    room: int,
    show: Callable[..., str] = details,
    where: str = "",
    notes: Sequence[str] | None = None,
) -> str:
    """The changes of one spec; empty if there is no room for them.

    `where` is Markdown that ends the summary line; `notes` replace those of the action, and end with its effects.
    """
    what = f"{action.action} {action.kind.words} {code(action.key or action.name)}"
    summary = f"{what} · {count(len(action.changes), 'change')}{where}"
    identity = [f"id {code(action.id)}"] if action.id else []
    said = notes_of(action) if notes is None else [*notes, *_effects(action)]
    head = "\\\n".join([*identity, *map(sentence, said)])
    inside = room - size(show(summary, head)) - 2
    if inside < _LEAST:
        return ""
    return show(summary, head, differences.block(action, inside))


def _open(summary: str, *blocks: str) -> str:
    """The same as `details`, with nothing to unfold."""
    return "\n\n".join([f"**{summary}**", *(block for block in blocks if block)])


def sentence(words: str) -> str:
    """Trusted Markdown as a sentence: it begins with a capital letter and ends with a full stop."""
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '…')) else '.'}"


def _unshown(changes: int, *, cut: bool) -> str:
    more = changes - 1 if cut else changes
    said = ["the rest of this change"] if cut else []
    return "… " + " and ".join([*said, *([count(more, "more change")] if more else [])])


def _value_lines(before: Value, after: Value) -> list[DiffLine]:
    """The lines of a change; of a long one the first, and the first line of the other side, such as its new value."""
    lines = signed_lines(before, after)
    if len(lines) <= _LINES:
        return [(sign, _cut(line)) for sign, line in lines]
    first, seen = lines[:_HALF], {" ", *(sign for sign, _ in lines[:_HALF])}
    start = next((index for index, (sign, _) in enumerate(lines) if sign not in seen), _HALF)
    then = lines[start : start + _HALF]
    parts = ((first, start - _HALF), (then, len(lines) - start - len(then)))
    return [line for part, more in parts for line in (*((sign, _cut(line)) for sign, line in part), *_more_lines(more))]


def _more_lines(number: int) -> list[DiffLine]:
    return [(" ", f"… {count(number, 'more line')}")] if number else []


def _cut(line: str) -> str:
    return line if len(line) <= _LINE else f"{line[:_LINE]}… {count(len(line) - _LINE, 'more character')}"
