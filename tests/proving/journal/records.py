"""A proof's journal, written for tests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from reconciler.dataflows.resources import Created, ResourceType
from reconciler.proving.journal.writing import ProofJournal, ProofStart
from reconciler.proving.naming import name_of
from tests.closing import close_later
from tests.flowservice.simulated import SimulatedClock

RUN = "20261127T1012-7f3a"
KEY = "mailchimp-members"
START = ProofStart(
    run=RUN,
    target="stage",
    host="platform.adobe.io",
    org_id="1234567890@AdobeOrg",
    sandbox="dev",
    repository="acme/aep-sources",
    commit=None,
    key=KEY,
    spec_id="2e8580db-6489-4726-96de-e33f5f60295f",
    digests={"authSpec": "a", "sourceSpec": "b", "exploreSpec": "c"},
    proof_digest="d",
    steps=("try", "connection", "flow", "cleanup"),
)


def journal_at(path: Path, clock: SimulatedClock | None = None, **changes: Any) -> ProofJournal:
    """A journal with its first event."""
    journal = ProofJournal(path, (clock or SimulatedClock()).now)
    close_later(journal.close)
    journal.start(replace(START, **changes))
    return journal


def made(journal: ProofJournal, step: str, kind: ResourceType, resource_id: str, **changes: Any) -> None:
    """A resource that was made, as the steps record it."""
    call = journal.intent(step, "POST", kind, changes.pop("name", name_of(KEY, RUN, step)), {"name": step})
    journal.made(step, call, Created(kind, resource_id, changes.pop("uri", resource_id), 201, "request-1", '"e"'))
