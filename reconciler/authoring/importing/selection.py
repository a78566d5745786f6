"""Select the live specs to import.

By name, or all: our own specs (with a file, or with this repository's marker) and unmanaged connection specs. By id: any spec. Specs of
another repository, flow specs that our client did not create, Adobe's global specs, and retired specs are imported only by id, so that none
is taken over by accident.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final

from reconciler.documents.kinds import Kind
from reconciler.errors import Problem, Severity, UsageError
from reconciler.flowservice.specs import LiveSpec
from reconciler.planning.context import Context

_ONLY_BY_ID = "select it with --id to import it anyway"
_SENTENCES: Final = {
    "retired": "skipped, because retired: ",
    "shared": "skipped, because shared flow specs are only attached to: ",
    "global": "skipped, because they belong to Adobe (no organization): ",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """The request of the user."""

    ids: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    """Globs, as in `fnmatch`; case-sensitive."""
    everything: bool = False
    kind: Kind | None = None
    key: str | None = None
    """The key for the single selected spec."""
    drift: bool = False
    keys: tuple[str, ...] = ()
    """Keys of the specs whose drift is taken over; empty for all."""
    own_ids: bool = False
    """Whether a flow spec's list of sources is written, regardless of owner."""


@dataclass(frozen=True, slots=True)
class Selection:
    """The live specs to import, and the problems with those that are skipped."""

    specs: tuple[LiveSpec, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class LiveOwnership:
    """The relation of this repository to the live specs. `managed` has the kind and id of each live spec with a file."""

    context: Context
    managed: frozenset[tuple[Kind, str]] = field(init=False)

    def __post_init__(self) -> None:
        found = {(match.live.kind, match.live.id) for match in self.context.matches if match.live}
        object.__setattr__(self, "managed", frozenset(found))

    def manages(self, spec: LiveSpec) -> bool:
        """Whether this spec is ours: it has a file, or this repository's marker."""
        return (spec.kind, spec.id) in self.managed or self.context.situation.owner.owns(self.context.index.marker(spec))

    def shares(self, spec: LiveSpec) -> bool:
        """Whether this is a flow spec that our client did not create and this repository does not manage: Adobe's, or another team's."""
        return spec.kind is Kind.FLOW_SPEC and not self.made(spec) and not self.manages(spec)

    def made(self, spec: LiveSpec) -> bool:
        """Whether our client created this spec."""
        return spec.created_client is not None and spec.created_client == self.context.situation.client_id

    def reason_against(self, spec: LiveSpec, choice: Choice) -> str | None:
        """Why a spec that is not selected by id is skipped; None if it is imported."""
        owner, marker = self.context.situation.owner, self.context.index.marker(spec)
        if owner.is_foreign(marker):
            return "foreign"
        if marker is not None and owner.owns(marker) and marker.retired:
            return "retired"
        if self.shares(spec):
            return "shared"
        if not (choice.names or self.made(spec) or self.manages(spec)) and "imsOrgId" not in spec.body:
            return "global"
        return None


def select(ownership: LiveOwnership, choice: Choice) -> Selection:
    """The requested specs. Raises UsageError if an id or a name matches no live spec."""
    context = ownership.context
    live = [spec for spec in context.situation.live if choice.kind in (None, spec.kind)]
    by_id = [spec for spec in live if spec.id in choice.ids]
    _check_ids(choice, by_id)
    named = [spec for spec in live if choice.everything or any(fnmatchcase(spec.name, pattern) for pattern in choice.names)]
    wanted = [spec for spec in named if spec not in by_id]
    _check_names(choice, live)
    reasons = [(spec, ownership.reason_against(spec, choice)) for spec in wanted]
    taken = (*by_id, *(spec for spec, reason in reasons if reason is None))
    refused = [(spec, reason) for spec, reason in reasons if reason is not None]
    return Selection(tuple(sorted(taken, key=lambda spec: (spec.kind, spec.name, spec.id))), tuple(_refusals(context, refused)))


def _refusals(context: Context, refused: list[tuple[LiveSpec, str]]) -> Iterator[Problem]:
    """A warning for each skipped spec of another owner, and one message for all others with the same reason."""
    for spec, reason in refused:
        marker = context.index.marker(spec)
        if reason == "foreign":
            owner = (marker.repository if marker else "") or "an owner whose marker cannot be read"
            message = f"{spec.kind.words} {spec.name!r} ({spec.id}) belongs to {owner} and was skipped"
            yield Problem(Severity.WARNING, "foreign-marker", message, hint=_ONLY_BY_ID)
    for reason, sentence in _SENTENCES.items():
        names = ", ".join(f"{spec.name} ({spec.id})" for spec, why in refused if why == reason)
        if names:
            yield Problem(Severity.INFO, f"left-alone-{reason}", sentence + names, hint=_ONLY_BY_ID)


def _check_ids(choice: Choice, found: Iterable[LiveSpec]) -> None:
    missing = sorted(set(choice.ids) - {spec.id for spec in found})
    if missing:
        what, kind = (f"no {choice.kind.words}", ", --kind") if choice.kind else ("no spec", "")
        raise UsageError(
            f"Flow Service shows {what} with the id {', '.join(missing)}",
            hint=f"check the id, --target{kind} and the credential's permissions; `import --name '*' --dry-run` lists the live specs",
        )


def _check_names(choice: Choice, live: Iterable[LiveSpec]) -> None:
    names = {spec.name for spec in live}
    for pattern in choice.names:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise UsageError(
                f"no live spec has a name that matches {pattern!r}",
                hint="names are case-sensitive, and * matches any characters: --name '*' --dry-run lists the live specs",
            )
