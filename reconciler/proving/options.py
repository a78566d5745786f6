"""What a user asked of `prove`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reconciler.errors import UsageError
from reconciler.settings.scope import Scope
from reconciler.wording.guesses import did_you_mean

BATCH_STEPS: Final = (
    "try", "spec", "schema", "mapping-check", "connection", "auth", "explore", "source", "dataset", "target", "mapping",
    "flow", "run", "count", "windows", "schedule", "cleanup",
)  # fmt: skip
"""The steps of a batch source, in order."""
STREAMING_STEPS: Final = (
    "spec", "schema", "mapping-check", "dataset", "source", "target", "mapping", "flow", "inlet", "wait", "send", "auth-tests",
    "landed", "cleanup",
)  # fmt: skip
"""The steps of a streaming source, in order."""
ALL_STEPS: Final = tuple(dict.fromkeys((*BATCH_STEPS, *STREAMING_STEPS)))
_NEEDS: Final = {
    "mapping-check": ("schema",),
    "auth": ("connection",),
    "explore": ("connection",),
    "source": ("connection",),
    "dataset": ("schema",),
    "target": ("schema", "dataset"),
    "mapping": ("schema",),
    "flow": ("source", "target", "mapping"),
    "run": ("flow",),
    "count": ("run",),
    "windows": ("flow", "run"),
    "schedule": ("flow",),
}
_STREAMING_NEEDS: Final = {
    "mapping-check": ("schema",),
    "dataset": ("schema",),
    "target": ("schema", "dataset"),
    "mapping": ("schema",),
    "flow": ("source", "target", "mapping"),
    "inlet": ("flow",),
    "wait": ("inlet",),
    "send": ("inlet", "wait"),
    "auth-tests": ("inlet", "wait", "send"),
    "landed": ("send",),
}
"""Steps that need what other ones make."""
_ALWAYS: Final = ("spec", "cleanup")


@dataclass(frozen=True, slots=True)
class ProveOptions:
    """The options of one run of `prove`. Times are in seconds."""

    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    no_try: bool = False
    wait: float = 900.0
    """For the end of one run."""
    landed: float = 3600.0
    """For events to be in the dataset."""
    keep: bool = False
    keep_resources: bool = False
    resume: str | None = None
    """The run to go on with; empty for the latest one."""
    older_than: float = 7200.0
    """Younger proofs of others are taken to be at work."""
    allow_target: str | None = None
    allow_local: bool = False
    proof: Path | None = None
    journal: Path | None = None

    def check(self) -> None:
        """Raises UsageError for a step that no source has."""
        for option, names in (("--only", self.only), ("--skip", self.skip)):
            _check_known(option, names)
        if self.only and self.skip:
            raise UsageError("--only and --skip exclude each other", hint="leave out one of them")

    def steps(self, *, streaming: bool = False) -> tuple[str, ...]:
        """The steps to take, in order. Raises UsageError for a step that this kind of source has not, or that needs one left out."""
        self.check()
        every, needs = (STREAMING_STEPS, _STREAMING_NEEDS) if streaming else (BATCH_STEPS, _NEEDS)
        for step in (*self.only, *self.skip):
            if step not in every:
                kind = "streaming" if streaming else "batch"
                raise UsageError(f"a {kind} source has no step {step}", hint=f"its steps: {', '.join(every)}")
        skipped = {*self.skip, *(("try",) if self.no_try else ())}
        wanted = _with_needs(self.only, needs) if self.only else frozenset(every)
        chosen = tuple(step for step in every if step in wanted and (step not in skipped or step in _ALWAYS))
        for step in chosen:
            missing = next((need for need in needs.get(step, ()) if need not in chosen), None)
            if missing is not None:
                raise UsageError(f"the step {step} needs {missing}, which is skipped", hint=f"also pass --skip {step}")
        return chosen if streaming or "try" in chosen else _without_records(chosen)

    def whole(self, *, streaming: bool) -> tuple[str, ...]:
        """The steps of a whole proof: without these, nothing is proved."""
        if streaming:
            return STREAMING_STEPS
        return tuple(step for step in BATCH_STEPS if step != "try" or not self.no_try)


def _check_known(option: str, names: Iterable[str]) -> None:
    for name in names:
        if name not in ALL_STEPS:
            raise UsageError(f"{option}: unknown step {name[:80]!r}", hint=did_you_mean(name[:80], ALL_STEPS))
        if option == "--skip" and name in _ALWAYS:
            hint = "use --keep-resources to leave the resources in place" if name == "cleanup" else "leave out --skip spec"
            raise UsageError(f"the step {name} cannot be skipped", hint=hint)


def _with_needs(only: Iterable[str], needs: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """These steps, those that they need, and those that are always taken."""
    found: set[str] = {*_ALWAYS, "try"}
    due = list(only)
    while due:
        step = due.pop()
        if step not in found or step in only:
            due += [need for need in needs.get(step, ()) if need not in found]
        found.add(step)
    return frozenset(found)


def _without_records(chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Without a trial, the records come from the preview: the steps that need them follow it."""
    if "explore" not in chosen:
        return chosen
    late = tuple(step for step in ("schema", "mapping-check") if step in chosen)
    rest = [step for step in chosen if step not in late]
    at = rest.index("explore") + 1
    return (*rest[:at], *late, *rest[at:])


@dataclass(frozen=True, slots=True)
class ProveRequest:
    """What is to be proved: these sources, and how."""

    scope: Scope
    keys: tuple[str, ...]
    options: ProveOptions


@dataclass(frozen=True, slots=True)
class CleanupRequest:
    """What is to be cleaned up: of these keys, or of all of them; `runs` is the name of a run, or `all`. `older_than` is in seconds.

    `journal` is that of the one run to clean up, and `dry_run` whether to delete nothing.
    """

    scope: Scope
    keys: tuple[str, ...]
    runs: str
    older_than: float
    journal: Path | None = None
    dry_run: bool = False
