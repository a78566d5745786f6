"""Notes about an action, shown before its changes: what is done, why, and who is affected."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from reconciler.documents.comparison import Cause
from reconciler.documents.json_text import Json
from reconciler.errors import count
from reconciler.flowservice.usage import SpecUsage
from reconciler.planning.plan import RETIRED, ActionName
from reconciler.planning.proved import PlannedProof
from reconciler.planning.tried import Tried, TriedOutcome
from reconciler.proofs.kept.status import ProvedStatus
from reconciler.reports.plan.view import ActionView, ChangeView, PlanView
from reconciler.reports.sinks.phrases import cause_sentence
from reconciler.wording.moments import moment_of_service

_NOTES: Final = {
    ActionName.CREATE: "permanent: a spec cannot be deleted once created",
    ActionName.ADOPT: "adopt: this repository takes over a spec that it did not manage",
    ActionName.RENAME: "rename: the marker changes to this key",
}


class Note(msgspec.Struct, frozen=True):
    """One sentence about an action; `is_grave` if it says what cannot be undone, or whose work is overwritten."""

    words: str
    is_grave: bool = False


_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def notes_of(action: ActionView, quoted: Callable[[str], str] = str, strong: str = "") -> list[Note]:
    """The notes, one sentence each. `quoted` escapes external text for its sink; `strong` emphasizes what apply overwrites."""
    if action.retires:
        said = "retire: it no longer has a spec file; its marker will say so, and it stays live, because it cannot be deleted"
        return [Note(said)]
    is_back = any(change.op == "remove" and change.path == RETIRED for change in action.changes)
    sentence = cause_sentence(action.cause, quoted(action.updated_by) if action.updated_by else None, action.updated_at)
    overwrites = action.cause in (Cause.DRIFT, Cause.BOTH)
    if sentence and overwrites:
        sentence += f"; {strong}apply will overwrite it{strong}"
    notes = (
        Note(
            "back in use: it was retired, and has a spec file again" if is_back else _NOTES.get(action.action, ""),
            _is_new(action),
        ),
        Note("shared: every other attached id stays" if action.is_shared else ""),
        Note(sentence or "", overwrites),
        Note(tried_sentence(action.tried, quoted) or ""),
        Note(proved_sentence(action.proved, quoted) or ""),
        Note(usage_sentence(action, quoted) or ""),
    )
    return [note for note in notes if note.words]


def _is_new(action: ActionView) -> bool:
    return action.action is ActionName.CREATE


def names_of(view: PlanView) -> dict[str, str]:
    """The name in the repository of each id of a plan."""
    return {action.id: action.key or action.name for action in view.actions if action.id}


def entry_words(entry: Json, names: Mapping[str, str]) -> str:
    """An entry of an id list: the id and its name, or the key of a spec that is still to be created."""
    if isinstance(entry, dict):
        return f"{entry.get('ref')} (id known after apply)"
    name = names.get(str(entry))
    return f"{entry} ({name})" if name else str(entry)


def own_cause(action: ActionView, change: ChangeView) -> str:
    """The cause of a change, if it differs from that of the whole action; else empty."""
    return "" if change.cause in (None, action.cause) else f"  [{change.cause}]"


def usage_sentence(action: ActionView, quoted: Callable[[str], str] = str) -> str | None:
    """`used by 3 flows (2 enabled, last run …)`; None if usage was not queried. `quoted` escapes external text for its sink."""
    usage = action.usage
    if usage is None:
        return None
    detached = bool(action.detaches)
    why = quoted(usage.unknown) if usage.unknown else ""
    if usage.flows is None:
        what = "usage of what it detaches" if detached else "usage"
        return f"{what} is unknown" + (f": {why}" if why else "")
    said = f"{'detached specs: ' if detached else ''}{_known(usage, usage.flows)}"
    return f"{said}; there may be more: {why}" if why else said


def tried_sentence(tried: Tried | None, quoted: Callable[[str], str] = str) -> str | None:
    """`tried: 237 records in 4 calls, cassette of 2026-11-27`; None if the action needs no trial. `quoted` escapes external text."""
    if tried is None:
        return None
    reason = f": {quoted(tried.reason)}" if tried.reason else ""
    if tried.outcome is TriedOutcome.FAILED:
        return f"tried, and it failed{reason}"
    if tried.outcome is TriedOutcome.NOT_TRIED:
        return f"not tried{reason}"
    said = f"tried{' against a stub' if tried.stub else ''}: {count(tried.records or 0, 'record')} in {count(tried.calls or 0, 'call')}"
    day = _DAY.match(tried.recorded_at or "")
    said = f"{said}, cassette of {day[0]}" if day else said
    return f"{said}; {quoted(tried.reason)}" if tried.reason else said


def proved_sentence(proved: PlannedProof | None, quoted: Callable[[str], str] = str) -> str | None:
    """`proved in stage: 237 records, run 20261127T1012-7f3a on 2026-11-27`; None if it needs no proof. `quoted` escapes external text."""
    if proved is None:
        return None
    if proved.status is not ProvedStatus.YES:
        word = "proof is stale" if proved.status is ProvedStatus.STALE else "not proved"
        return f"{word}: {quoted(proved.reason)}" if proved.reason else word
    said = f"proved in {quoted(proved.target)}" if proved.target else "proved"
    said += " by an emulator" if proved.emulated else ""
    what = [count(proved.records, "record")] if proved.records is not None else []
    what += [f"run {quoted(proved.run)}"] if proved.run else []
    day = _DAY.match(proved.at or "")
    said = f"{said}: {', '.join(what)}" if what else said
    return f"{said} on {day[0]}" if day else said


def is_used(usage: SpecUsage | None) -> bool:
    """Whether the spec is known to be in use."""
    return usage is not None and bool(usage.flows or usage.source_connections)


def _known(usage: SpecUsage, flows: int) -> str:
    connections = _connections(usage)
    if not flows:
        unasked = " (connections without a flow were not checked)" if usage.source_connections is None else ""
        return "not used by any flow" + (f", but by {connections}" if connections else unasked)
    used = f"used by {count(flows, 'flow')} ({_activity(usage)})"
    return f"{used} through {connections}" if connections else used


def _activity(usage: SpecUsage) -> str:
    enabled = "number of enabled flows unknown" if usage.enabled_flows is None else f"{usage.enabled_flows} enabled"
    run = "no known run" if usage.last_run_at is None else f"last run {moment_of_service(usage.last_run_at)}"
    return f"{enabled}, {run}"


def _connections(usage: SpecUsage) -> str:
    """The number of connections in words; empty if there are none or it is not known."""
    counts = ((usage.source_connections, "source connection"), (usage.base_connections, "base connection"))
    return " and ".join(count(number, what) for number, what in counts if number)
