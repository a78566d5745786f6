"""Change existing spec files to match live: everywhere, or only where live has drifted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.authoring.importing.as_live import as_live
from reconciler.authoring.importing.folder import Folder
from reconciler.authoring.importing.layers import CannotSay, with_body, with_key
from reconciler.authoring.importing.live_body import unsayable
from reconciler.desired.specs import DesiredSpec
from reconciler.documents.comparison import Cause, Change
from reconciler.documents.json_text import Document, Json, encode_sorted
from reconciler.documents.kinds import Kind
from reconciler.documents.places import Missing
from reconciler.documents.pointer import Segments, format_pointer
from reconciler.documents.semantics import SOURCES
from reconciler.documents.variables import as_written, holds_variables
from reconciler.errors import Problem, Severity
from reconciler.planning.actions.attachments import live_flow_id
from reconciler.planning.comparing.difference import comparable_live
from reconciler.planning.comparing.identity import Match
from reconciler.planning.context import Context
from reconciler.planning.plan import Plan, State
from reconciler.texts.in_place.rewrite import CannotChange, rewrite
from reconciler.texts.json import read_json
from reconciler.texts.locate import Syntax
from reconciler.texts.yaml import read_yaml

CHANGED_ONLY_LIVE = frozenset({Cause.DRIFT, Cause.UNCONFIRMED})
"""Causes of changes in live only, not in the files."""
_DOUBTFUL = frozenset({Cause.BOTH, Cause.UNKNOWN})
"""Causes of changes that may be in the files too: they are reported, and the files keep their values."""

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Taken:
    """One change of a file: at a pointer into the body, or at a key of the envelope."""

    path: str
    before: Json | Missing
    after: Json | Missing


@dataclass(frozen=True, slots=True)
class Rewritten:
    """An existing file: its new content, and its changes. With an error in `problems`, `data` is the old content."""

    path: str
    data: bytes
    taken: tuple[Taken, ...] = ()
    overlaid: tuple[str, ...] = ()
    """Pointers that went into the target's overlay, because other targets get these values from `spec` too."""
    problems: tuple[Problem, ...] = ()


class TakeOver:
    """Writes to the existing files what a plan shows as different in live; with `drift_only`, only drift."""

    def __init__(self, context: Context, plan: Plan, folder: Folder, *, drift_only: bool = False) -> None:
        self._context = context
        self._folder = folder
        self._drift_only = drift_only
        self._keys = {spec_id: key for key, spec_id in context.ids.items()}
        self._errors = plan.errors
        self._refused = {(spec.kind, spec.key) for spec in plan.specs if spec.state in (State.ERROR, State.AHEAD)}
        self._actions = {(action.kind, action.key, action.id): action for action in plan.actions}
        self._lost = _lost_flows(plan, {Cause.DRIFT} if drift_only else set(Cause))

    def differs(self, match: Match) -> bool:
        """Whether this file has anything to change."""
        return bool(self._changes(match) or self._lost_flows(match))

    def doubts(self, match: Match) -> tuple[Problem, ...]:
        """A warning for changes that are not taken over, because the file may be newer than live."""
        places = [change.path for change in self._written(match) if change.cause in _DOUBTFUL]
        if not (self._drift_only and places and match.live):
            return ()
        desired = match.desired
        shown = ", ".join(places[:_NAMED]) + (f" and {len(places) - _NAMED} more" if len(places) > _NAMED else "")
        message = f"{shown}: kept as in the file, because the repository may have changed it too"
        hint = f"`import --id {match.live.id}` writes everything live to the file; apply writes everything in the file to live"
        return (_note(desired, Severity.WARNING, "both-changed", message, hint),)

    def rewritten(self, match: Match, data: bytes) -> Rewritten:
        """The changed file; `data` is its current content."""
        desired = match.desired
        path = desired.path or ""
        refusals = self._refusals(desired)
        if refusals or not self.differs(match):
            return Rewritten(path, data, problems=refusals)
        changes, lost = self._changes(match), self._lost_flows(match)
        try:
            document, overlaid = self._document(match, data, changes, lost)
            written = rewrite(data, Syntax.JSON if _is_artifact(path) else Syntax.YAML, document)
        except (CannotChange, CannotSay) as error:
            message = f"{desired.file} was not changed: {error}"
            problem = _note(desired, Severity.ERROR, "cannot-change", message, "edit it by hand: plan shows where")
            return Rewritten(path, data, problems=(problem,))
        taken = [Taken(change.path, change.new, change.old) for change in changes]
        if lost and not _is_artifact(path):
            taken.append(Taken("flowSpecs", list(desired.flow_specs), self._left_flows(desired, lost)))
        problems = self._notes(desired, lost, overlaid)
        return Rewritten(path, written, tuple(taken), tuple(format_pointer(place) for place in overlaid), problems)

    def _refusals(self, desired: DesiredSpec) -> tuple[Problem, ...]:
        """The errors of the plan for this file, if it has errors or the checkout is behind live."""
        is_refused = (desired.kind, desired.key) in self._refused
        return tuple(problem for problem in self._errors if is_refused and problem.key == desired.key)

    def _changes(self, match: Match) -> tuple[Change, ...]:
        return tuple(change for change in self._written(match) if not self._drift_only or change.cause in CHANGED_ONLY_LIVE)

    def _written(self, match: Match) -> tuple[Change, ...]:
        """The changes of the body, without those of ownership, and without ids from the files of connection specs."""
        live = match.live
        action = self._actions.get((live.kind, match.desired.key, live.id)) if live else None
        if action is None:
            return ()
        body = match.desired.body
        changes = (change for change in action.changes if change.cause is not Cause.OWNERSHIP)
        return tuple(change for change in changes if not _is_attached(change, body))

    def _lost_flows(self, match: Match) -> frozenset[str]:
        """The ids of flow specs that the file attaches its spec to, but that do not have it live."""
        if match.live is None or match.desired.kind is not Kind.CONNECTION_SPEC:
            return frozenset()
        return self._lost.get(match.live.id, frozenset())

    def _document(
        self, match: Match, data: bytes, changes: Sequence[Change], lost: frozenset[str]
    ) -> tuple[Document, tuple[Segments, ...]]:
        """The new document of the file, and the places of the body that went into the overlay."""
        desired, live = match.desired, match.live
        before = desired.body
        after = as_live(before, comparable_live(live.body if live else {}), changes, self._keys)
        if reason := unsayable(after):
            raise CannotSay(reason)
        if _is_artifact(desired.path or ""):
            document: Document = read_json(data).value
            kept = {name: value for name, value in document.items() if name in after or name not in before}
            return kept | {name: _written(document, name, before, value) for name, value in after.items()}, ()
        folder = self._folder
        layered = with_body(read_yaml(data).value, folder.target, folder.other_targets, before, after, folder.general)
        document = layered.document
        if lost:
            document = with_key(document, "flowSpecs", self._left_flows(desired, lost))
        return document, layered.overlaid

    def _left_flows(self, desired: DesiredSpec, lost: frozenset[str]) -> list[str]:
        return [name for name in desired.flow_specs if live_flow_id(name, self._context.matches, self._context.index) not in lost]

    def _notes(self, desired: DesiredSpec, lost: frozenset[str], overlaid: tuple[Segments, ...]) -> tuple[Problem, ...]:
        notes = []
        if overlaid:
            places = ", ".join(format_pointer(place) for place in overlaid)
            message = f"{places}: written to the overlay of {self._folder.target}, because other targets have it too"
            hint = "move it to `spec` if it is right for every target"
            notes.append(_note(desired, Severity.INFO, "overlaid", message, hint))
        is_artifact = _is_artifact(desired.path or "")
        if is_artifact and self._folder.other_targets:
            message = "an artifact has no overlays: every target now gets this value"
            hint = f"reconciler convert {desired.file} writes it as YAML, which has overlays"
            notes.append(Problem(Severity.WARNING, "every-target", message, desired.file, hint=hint, key=desired.key))
        if lost and self._folder.other_targets and not is_artifact:
            message = "flowSpecs has no overlay: it now applies to every target"
            hint = "apply detaches nothing; it attaches other targets only to the flow specs listed there"
            notes.append(Problem(Severity.WARNING, "every-target", message, desired.file, hint=hint, key=desired.key))
        if lost and is_artifact:
            message = "its id is not in the flow spec of its type, and an artifact cannot express that: the next plan attaches it"
            hint = f"reconciler convert {desired.file} writes it as YAML, which has flowSpecs"
            notes.append(_note(desired, Severity.WARNING, "attachment", message, hint))
        return tuple(notes)


def _is_attached(change: Change, body: Document) -> bool:
    """Whether this change comes from a connection spec's file rather than from the flow spec's own list."""
    return change.place[0] == SOURCES and change.op == "add" and len(change.place) > 1 and SOURCES not in body


def _lost_flows(plan: Plan, causes: set[Cause]) -> dict[str, frozenset[str]]:
    """For each connection spec id, the flow specs that it would be attached to, for one of these causes or without a cause."""
    lost: dict[str, frozenset[str]] = {}
    for action in plan.actions:
        for change in action.attaches if action.id is not None else ():
            if isinstance(change.new, str) and (change.cause is None or change.cause in causes):
                lost[change.new] = lost.get(change.new, frozenset()) | {action.id or ""}
    return lost


def _written(document: Document, name: str, before: Document, value: Json) -> Json:
    """A section as an artifact must have it; one that is unchanged stays as it is written, with its variables."""
    unchanged = name in document and name in before and encode_sorted(before[name]) == encode_sorted(value)
    if not unchanged and holds_variables(document.get(name)):
        raise CannotSay("a variable or a literal stands there; change its value in reconciler.yaml or the file by hand")
    return document[name] if unchanged else as_written(value)


def _is_artifact(path: str) -> bool:
    return path.endswith(".json")


def _note(desired: DesiredSpec, severity: Severity, code: str, message: str, hint: str) -> Problem:
    return Problem(severity, code, message, desired.file, hint=hint, key=desired.key)
