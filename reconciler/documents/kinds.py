"""The two kinds of spec in Flow Service."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kind of a spec; the value is that of `kind:` in a spec file."""

    CONNECTION_SPEC = "ConnectionSpec"
    FLOW_SPEC = "FlowSpec"

    @property
    def words(self) -> str:
        """The kind, for use in a sentence."""
        return "connection spec" if self is Kind.CONNECTION_SPEC else "flow spec"
