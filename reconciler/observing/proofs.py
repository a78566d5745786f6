"""Add the evidence of proofs to a plan: what `prove --keep` wrote to the specs folder. Nothing is asked of the network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from reconciler.desired.files import PROOFS
from reconciler.desired.specs import DesiredSpec
from reconciler.desired.tree import SpecTree
from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity
from reconciler.planning.guards.unproved import unproved_problems
from reconciler.planning.plan import Plan, PlanTarget
from reconciler.planning.planner import in_order
from reconciler.planning.proofs import is_source, with_proved
from reconciler.planning.proved import NOT_PROVED, PlannedProof
from reconciler.planning.withholding import problems_without_secrets
from reconciler.proofs.folder import ProofFolder, is_proved_file
from reconciler.proofs.kept.status import ProvedStatus

if TYPE_CHECKING:
    from reconciler.proofs.kept.proved import Place

ProofEvidence: TypeAlias = Callable[[DesiredSpec, PlanTarget], PlannedProof]
"""The evidence of a proof for the content of one spec. Never fails: what cannot be read is the reason why it does not count."""

OLD: Final = "old-proof"
_DAY: Final = 86_400


def nothing_proved(_: DesiredSpec, __: PlanTarget) -> PlannedProof:
    """The evidence where no proof was ever kept."""
    return NOT_PROVED


@dataclass(frozen=True, slots=True)
class KeptProofs:
    """The proofs that are kept in one specs folder."""

    tree: SpecTree
    _folders: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __call__(self, desired: DesiredSpec, target: PlanTarget) -> PlannedProof:
        """The evidence for this content of a spec in this target, or in another one."""
        folder = self._folder_of(desired)
        if folder is None:
            return NOT_PROVED
        exempt = self._lists(folder, desired, target)
        if not any(map(is_proved_file, folder.files)):
            return replace(NOT_PROVED, exempt=exempt)
        from reconciler.proofs.kept.proved import proved_anywhere  # noqa: PLC0415 - most folders have no kept proof

        where, found = proved_anywhere(folder, target, desired)
        place = where if found.run else None
        return PlannedProof(found.status, place, found.run, found.at, found.records, found.reason, found.emulated, exempt)

    def why_not_in(self, desired: DesiredSpec, place: Place, *, emulated_counts: bool) -> str | None:
        """Why no kept proof in this place is of the content of a spec; None if one is, or if no flow can read from the spec."""
        if not is_source(desired):
            return None
        folder = self._folder_of(desired)
        none = f"no proof in {place.name} is kept"
        if folder is None:
            return none
        from reconciler.proofs.kept.proved import proved_of  # noqa: PLC0415 - as above

        found = proved_of(folder, place, desired)
        if not found.counts:
            return found.reason or none
        return f"its proof in {place.name} was made by an emulator" if found.emulated and not emulated_counts else None

    def _folder_of(self, desired: DesiredSpec) -> ProofFolder | None:
        if not self._folders:  # listed once for all specs
            self._list()
        for key in (desired.key, *desired.former_keys):
            if key in self._folders:
                return ProofFolder(self.tree, key, self._folders[key])
        return None

    def _list(self) -> None:
        found: dict[str, set[str]] = {"": set()}
        for path in self.tree.listing().paths:
            top, _, below = path.partition("/")
            name, _, file = below.partition("/")
            if top == PROOFS and file:
                found.setdefault(name, set()).add(file)
        self._folders.update({name: frozenset(files) for name, files in found.items()})  # at once: targets share it

    def _lists(self, folder: ProofFolder, desired: DesiredSpec, target: PlanTarget) -> bool:
        """Whether proof.yaml lists this target for proofs."""
        from reconciler.proofs.proof import proof_in  # noqa: PLC0415 - as above

        proof = proof_in(folder, desired.key, desired.former_keys).proof
        return proof is not None and target.name in proof.targets


def with_proofs(plan: Plan, specs: Iterable[DesiredSpec], evidence: ProofEvidence, max_age: float | None, now: float) -> Plan:
    """The plan with the evidence for each source, the problems of the guard on specs that are not proved, and those of old proofs.

    `max_age` is in seconds, None for any age; `now` in seconds since the epoch.
    """
    sources = [spec for spec in specs if spec.kind is Kind.CONNECTION_SPEC and is_source(spec)]
    proved = {spec.key: _in_time(evidence(spec, plan.target), now) for spec in sources}
    plan = with_proved(plan, proved)
    if plan.options.unproved == "allow":  # then a plan says nothing about specs of which no proof was ever kept
        plan = replace(
            plan, actions=tuple(replace(each, proved=None) if _is_silent(each.proved) else each for each in plan.actions)
        )
    found = problems_without_secrets(unproved_problems(plan.actions, plan.options), plan.actions)
    old = () if max_age is None else tuple(_old(spec, proved[spec.key], plan.target, max_age, now) for spec in sources)
    return replace(plan, problems=in_order((*plan.problems, *found, *(problem for problem in old if problem))))


def _in_time(proved: PlannedProof, now: float) -> PlannedProof:
    """The evidence; a proof of the future is none, because it would never be old. Clocks may differ by some hours."""
    if proved.status is not ProvedStatus.YES or proved.at is None or _seconds(proved.at) <= now + _DAY:
        return proved
    return replace(proved, status=ProvedStatus.NO, reason=f"its proof is dated in the future: {proved.at}")


def _seconds(at: str) -> float:
    return datetime.strptime(at, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


def _is_silent(proved: PlannedProof | None) -> bool:
    return proved is not None and proved.status is ProvedStatus.NO and proved.reason is None


def _old(spec: DesiredSpec, proved: PlannedProof, target: PlanTarget, max_age: float, now: float) -> Problem | None:
    """The warning that the proof of this target was made too long ago."""
    age = age_of(proved, target, now)
    if age is None or age <= max_age:
        return None
    message = f"the proof of connection spec {spec.key!r} is {int(age // _DAY):,} days old, and `proof.max_age` is {int(max_age // _DAY)}d"
    hint = f"run `reconciler prove {spec.key} --target {target.name} --keep`, and commit the file that it writes"
    return Problem(Severity.WARNING, OLD, message, file=spec.file, hint=hint, key=spec.key)


def age_of(proved: PlannedProof, target: PlanTarget, now: float) -> float | None:
    """The seconds since the proof in this target; None if none counts there."""
    if proved.status is not ProvedStatus.YES or proved.target != target.name or proved.at is None:
        return None
    return now - _seconds(proved.at)
