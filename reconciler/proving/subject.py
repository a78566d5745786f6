"""What a proof is about: one live spec, the values to connect with, and what its proof file says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.proofs.values import Mapped, Proof
from reconciler.proving.report import SpecProved, TargetProved
from reconciler.sdk.sources import STREAMING
from reconciler.sources.source import EXPLODE, SCHEDULE, Source
from reconciler.sources.values import Values


@dataclass(frozen=True, slots=True)
class Subject:
    """One spec to prove in one target. `values` contain secrets."""

    spec: SpecProved
    target: TargetProved
    repository: str
    """The owner in names and descriptions."""
    source: Source = field(repr=False)
    values: Values = field(repr=False)
    proof: Proof
    proof_digest: str
    flow_spec_id: str
    commit: str | None = None
    assume: Mapping[str, str] = field(default_factory=dict)
    """Rows of the evidence table that the trial assumed."""

    @property
    def key(self) -> str:
        """The key of the spec."""
        return self.spec.key

    @property
    def auth_name(self) -> str | None:
        """The `name` of the entry of `authSpec` to connect with."""
        if self.values.auth_name is not None:
            return self.values.auth_name
        names = [entry.get("name") for _, entry in self.source.auth_specs]
        only = names[0] if len(names) == 1 else None
        return only if isinstance(only, str) else None

    @property
    def streams(self) -> bool:
        """Whether events are sent to the source, and none are fetched."""
        return self.source.body.get("type") == STREAMING

    @property
    def has_schedule(self) -> bool:
        """Whether the spec sends time ranges."""
        return bool(self.source.mapping(SCHEDULE))

    @property
    def explodes(self) -> bool:
        """Whether a record becomes several rows, so that rows and records are counted differently."""
        return self.source.at(EXPLODE) is not None

    @property
    def schema_id(self) -> str | None:
        """The `$id` of an existing schema; None to make one."""
        schema = self.proof.target.schema
        return None if isinstance(schema, str) else schema.id

    @property
    def dataset_id(self) -> str | None:
        """The id of an existing dataset; None to make one."""
        dataset = self.proof.target.dataset
        return None if isinstance(dataset, str) else dataset.id

    @property
    def mapping(self) -> tuple[Mapped, ...] | None:
        """The mapping that the proof file has; None for `auto` and `none`."""
        mapping = self.proof.target.mapping
        return None if isinstance(mapping, str) else mapping

    @property
    def maps(self) -> bool:
        """Whether the flow has a mapping."""
        return self.proof.target.mapping != "none"

    @property
    def needs_records(self) -> bool:
        """Whether the schema or the mapping is made from records."""
        return self.schema_id is None or self.proof.target.mapping == "auto"
