"""The two kinds of spec that Flow Service has."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a spec file describes; the value is what its `kind:` says."""

    CONNECTION_SPEC = "ConnectionSpec"
    FLOW_SPEC = "FlowSpec"

    @property
    def words(self) -> str:
        """The kind in a sentence."""
        return "connection spec" if self is Kind.CONNECTION_SPEC else "flow spec"
