"""Everything that a submission is written from, read before: the spec, its proof, and the files next to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from reconciler.desired.specs import DesiredSpec
from reconciler.documents.json_text import Document, Json, value_at
from reconciler.errors import Problem
from reconciler.planning.tried import NEVER_TRIED, Tried
from reconciler.proofs.streaming.authentication import AuthenticationTests
from reconciler.proofs.values import Proof
from reconciler.sdk.sources import STREAMING

UI_ATTRIBUTES: Final = ("sourceSpec", "attributes", "uiAttributes")

ProofStatus: TypeAlias = Literal["yes", "stale", "no"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known about a proof of this content in one target.

    `reason` is why it does not count. `at` is ISO 8601 in UTC. `ids` are those of the proof at Adobe: `spec`, `flow`, `run`, `adf_run`,
    `batch`. `pages` is the number of pages that the trial before it read. None is not known.
    """

    status: ProofStatus = "no"
    reason: str = "there is no proof"
    at: str | None = None
    run: str | None = None
    records: int | None = None
    pages: int | None = None
    emulated: bool = False
    sandbox: str | None = None
    commit: str | None = None
    ids: Mapping[str, str] = field(default_factory=dict)
    org_id: str | None = None

    @property
    def counts(self) -> bool:
        """Whether Adobe's own engine read this very content, and nothing else is known about it."""
        return self.status == "yes" and not self.emulated


@dataclass(frozen=True, slots=True)
class Material:
    """One source for one target. `body` has the target's overlay, and no marker.

    `files` are the artifacts that people wrote, by name: `<key>-icon.svg`, `<key>-label.txt`, … `copies` are rendered from the proof and
    the trial, by path in the submission. `problems` are those of `validate` for this spec, `unread` those of files that only a submission
    has. `unset` are the variables of the proof file whose values are not known here.
    """

    spec: DesiredSpec
    body: Document = field(repr=False)
    target: str
    repository: str
    proof: Proof = field(default_factory=Proof, repr=False)
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    evidence: Evidence = field(default_factory=Evidence)
    tried: Tried = NEVER_TRIED
    authentication: AuthenticationTests | None = None
    problems: tuple[Problem, ...] = ()
    unread: tuple[Problem, ...] = ()
    copies: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    record_fields: tuple[tuple[str, str], ...] = ()
    """The fields of the records that were tried, with their JSON types: (`email_address`, `string`)."""
    unset: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return self.spec.key

    @property
    def is_streaming(self) -> bool:
        return self.spec.spec_type == STREAMING

    def ui(self, *names: str) -> Json:
        """The value in `uiAttributes`; None if there is none."""
        return value_at(self.body, *UI_ATTRIBUTES, *names)

    @property
    def is_beta(self) -> bool:
        return self.ui("isBeta") is True

    @property
    def now_proved(self) -> str | None:
        """The day of the proof, such as `2026-11-27`."""
        return self.evidence.at[:10] if self.evidence.at else None
