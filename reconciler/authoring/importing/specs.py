"""Import live specs: which ones, into which files, and with which content.

Everything is computed before anything is written: first the new files and pins, then the plan with them, then changes to existing files
that still differ in that plan, then a final plan, which shows whether anything is left to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from reconciler.authoring.importing.existing_files import Taken, TakeOver
from reconciler.authoring.importing.folder import Folder
from reconciler.authoring.importing.new_files import Drafts, check_own_key, draft_new_files
from reconciler.authoring.importing.selection import Choice, LiveOwnership, select
from reconciler.desired.specs import NO_SPECS, DesiredSet
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity, SpecFileError, UsageError
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.comparing.identity import Match
from reconciler.planning.context import Context, Situation, make_context
from reconciler.planning.plan import Action, Options, Plan, PlanTarget
from reconciler.planning.planner import make_plan


class FileState(StrEnum):
    """The state of a file after an import."""

    WRITTEN = "written"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ImportedSpec:
    """One live spec and its file; `path` is relative to the specs folder, `before` (None for a new file) and `after` are its content."""

    kind: Kind
    key: str
    name: str
    id: str
    path: str
    file: str
    before: bytes | None
    after: bytes
    taken: tuple[Taken, ...] = ()
    overlaid: tuple[str, ...] = ()

    @property
    def state(self) -> FileState:
        if self.before is None:
            return FileState.WRITTEN
        return FileState.UNCHANGED if self.before == self.after else FileState.CHANGED


@dataclass(frozen=True, slots=True)
class Import:
    """The files that an import writes, and the problems to report."""

    target: PlanTarget
    specs: tuple[ImportedSpec, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def to_write(self) -> tuple[ImportedSpec, ...]:
        """The specs whose files change."""
        return tuple(spec for spec in self.specs if spec.state is not FileState.UNCHANGED)


def import_specs(situation: Situation, folder: Folder, choice: Choice) -> Import:
    """The files to write so that they match live, for the selected specs. Writes nothing.

    Raises UsageError if nothing matches the selection, SpecFileError if spec files have errors: a live spec may belong to such a file.
    """
    errors = [problem for problem in situation.desired.problems if problem.is_error and problem.code != NO_SPECS]
    if errors:
        raise SpecFileError("cannot import while spec files have errors: one of them may be the file of a live spec", errors)
    situation = replace(situation, options=Options(keys=choice.keys), needs_git=False)
    if choice.drift:
        drafts, wanted = Drafts(), None
        plan = make_plan(situation)  # raises if a key is unknown
    else:
        ownership = LiveOwnership(make_context(situation))
        selection = select(ownership, choice)
        _check_key(ownership.context, choice, selection.specs)
        drafts, wanted = draft_new_files(ownership, folder, selection.specs, choice), selection.specs
        drafts.problems[:0] = selection.problems
        situation = _with_drafts(situation, folder, drafts, choice)
        plan = make_plan(situation)
    return _imported(situation, folder, _Request(choice, drafts, wanted), plan)


@dataclass(frozen=True, slots=True)
class _Request:
    choice: Choice
    drafts: Drafts
    wanted: tuple[LiveSpec, ...] | None
    """None for all specs that have drifted."""

    def matches(self, context: Context) -> list[Match]:
        """The files of the selected specs."""
        if self.wanted is None:
            return [match for match in context.matches if match.live and context.in_scope(match.desired.key)]
        wanted = {(spec.kind, spec.id) for spec in self.wanted}
        return [match for match in context.matches if match.live and (match.live.kind, match.live.id) in wanted]


def _imported(situation: Situation, folder: Folder, request: _Request, plan: Plan) -> Import:
    """The files of the selected specs, changed to match live; `plan` is the plan with the new files."""
    context = make_context(situation)
    take_over = TakeOver(context, plan, folder, drift_only=request.choice.drift)
    problems = list(request.drafts.problems)
    specs: list[ImportedSpec] = []
    there = frozenset(folder.tree.listing().paths)
    for match in request.matches(context):
        path = match.desired.path or ""
        problems += take_over.doubts(match)
        if request.wanted is None and not take_over.differs(match):
            continue
        if path in request.drafts.files and path not in there:
            specs.append(_imported_spec(match, path, None, request.drafts.files[path]))
            continue
        rewritten = take_over.rewritten(match, request.drafts.files.get(path) or folder.tree.read(path))
        problems += rewritten.problems
        if any(problem.is_error for problem in rewritten.problems):
            continue
        spec = _imported_spec(match, path, folder.tree.read(path), rewritten.data)
        specs.append(replace(spec, taken=rewritten.taken, overlaid=rewritten.overlaid))
    return _checked(situation, folder, request, plan, Import(plan.target, tuple(specs), tuple(problems)))


def _imported_spec(match: Match, path: str, before: bytes | None, after: bytes) -> ImportedSpec:
    desired, spec_id = match.desired, match.live.id if match.live else ""
    return ImportedSpec(desired.kind, desired.key, desired.name, spec_id, path, desired.file, before, after)


def _check_key(context: Context, choice: Choice, specs: tuple[LiveSpec, ...]) -> None:
    """Raises UsageError unless the key is for a single spec; a spec with a file keeps the key of that file."""
    if choice.key is None:
        return
    if len(specs) != 1:
        raise UsageError(
            f"--as sets the key of one spec, but {len(specs)} were selected", hint="select one with --id, or remove --as"
        )
    wanted = (specs[0].kind, specs[0].id)
    match = next((match for match in context.matches if match.live and (match.live.kind, match.live.id) == wanted), None)
    if match is not None:
        check_own_key(match.desired, choice)


def _with_drafts(situation: Situation, folder: Folder, drafts: Drafts, choice: Choice) -> Situation:
    """The situation with the drafts among the files. A draft that is not a valid spec file is dropped and reported."""
    while drafts.files:
        desired = folder.desired(drafts.files)
        unfit = _unfit(desired, folder, drafts.files)
        if not unfit:
            return replace(situation, desired=desired)
        for path, problem in unfit.items():
            drafts.problems.append(_cannot_say(drafts.specs[path], problem, choice))
            del drafts.files[path]
    return situation


def _checked(situation: Situation, folder: Folder, request: _Request, plan: Plan, result: Import) -> Import:
    """The import without files that cannot match live, and with what the next plan would still do for its specs."""
    specs, problems = list(result.specs), list(result.problems)
    while files := {spec.path: spec.after for spec in specs if spec.before != spec.after}:
        desired = folder.desired(files)
        unfit = _unfit(desired, folder, files)
        if not unfit:
            plan = make_plan(replace(situation, desired=desired, options=Options()))
            break
        problems += [_cannot_say(spec, unfit[spec.path], request.choice) for spec in specs if spec.path in unfit]
        specs = [spec for spec in specs if spec.path not in unfit]
    left = _left_to_do(plan, specs, drift_only=request.choice.drift)
    return Import(result.target, tuple(specs), (*problems, *left))


def _unfit(desired: DesiredSet, folder: Folder, files: Mapping[str, bytes]) -> dict[str, Problem]:
    """The files with an error, and the error; all files if it cannot be attributed to one of them."""
    errors = [problem for problem in desired.problems if problem.is_error]
    paths = {folder.display(path): path for path in files}
    found = {paths[problem.file]: problem for problem in errors if problem.file in paths}
    return found or (dict.fromkeys(files, errors[0]) if errors else {})


def _cannot_say(spec: LiveSpec | ImportedSpec, problem: Problem, choice: Choice) -> Problem:
    """The problem for a spec that no file can express: an error if it was selected by id or for its drift, else a warning."""
    severity = Severity.ERROR if spec.id in choice.ids or choice.drift else Severity.WARNING
    message = f"{spec.kind.words} {spec.name!r} ({spec.id}) was skipped, because a file cannot express it: {problem.message}"
    hint = "change the live spec first: ask the person who created it what it is for"
    return Problem(severity, problem.code, message, hint=hint, key=problem.key)


def _left_to_do(plan: Plan, specs: Iterable[ImportedSpec], *, drift_only: bool) -> list[Problem]:
    """Warnings for what the next plan still does for these specs, such as writing a marker with another key; and its errors."""
    by_id: Mapping[str, ImportedSpec] = {spec.id: spec for spec in specs}
    notes = []
    for action in () if drift_only else plan.actions:
        for spec in _meant(action, by_id):
            places = ", ".join(change.path for change in action.changes)
            message = f"the next plan is not empty: {action.action} of {spec.kind.words} {spec.key!r}, at {places}"
            hint = "run plan to see it, apply to do it"
            notes.append(Problem(Severity.WARNING, "not-empty", message, spec.file, hint=hint, key=spec.key))
    keys = {spec.key for spec in specs}
    return [*notes, *(problem for problem in plan.errors if problem.key in keys)]


def _meant(action: Action, by_id: Mapping[str, ImportedSpec]) -> list[ImportedSpec]:
    """The imported specs that an action writes or attaches."""
    own = [action.id] if action.key is not None else []
    ids = [*own, *(change.new for change in action.attaches)]
    return [by_id[item] for item in ids if isinstance(item, str) and item in by_id]
