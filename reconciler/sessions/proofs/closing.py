"""The clean-up after a proof: what it made is deleted again, with a client that can only read and delete."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.errors import UsageError
from reconciler.http.clock import Clock, Stop
from reconciler.http.messages import RequestRecord
from reconciler.observing.progress import Progress
from reconciler.proofs.values import PREFIX
from reconciler.proving.cleaning import Cleaned, clean
from reconciler.proving.journal.folder import leftovers_of, open_proof_journal
from reconciler.proving.journal.reading import MadeResource, read_proof_journal
from reconciler.proving.journal.writing import ProofJournal
from reconciler.proving.leftovers import Owner
from reconciler.proving.naming import name_of
from reconciler.proving.report import LeftOver
from reconciler.proving.resuming import Unfinished
from reconciler.proving.steps.work import Work
from reconciler.trying.hosts import VARIABLE as HOSTS

_STEP: Final = "cleanup"


def withhold_secrets(cleaner: ProofCleaner, environ: Mapping[str, str]) -> None:
    """Keep the values of all variables of proofs out of what the service says about a connection that was made with one of them."""
    for name, value in environ.items():
        if name.startswith(PREFIX) and name != HOSTS:
            cleaner.withhold(value)


@dataclass(frozen=True, slots=True)
class Closing:
    """Cleans up after the proofs of an owner; `root` is the parent of the specs folder. Without `stop`, no signal ends it."""

    cleaner: ProofCleaner
    owner: Owner
    root: Path
    clock: Clock
    progress: Progress
    stop: Stop | None = None

    def of(self, work: Work, journal: ProofJournal) -> Ending:
        """The clean-up of this run."""
        return Ending(self, work, journal)

    def clean_up(
        self,
        runs: str,
        known: Collection[MadeResource] = (),
        *,
        older_than: float = 0.0,
        journal: ProofJournal | None = None,
    ) -> Cleaned:
        """Delete what a run made, or with "all" what all old enough ones made."""
        return clean(
            self.cleaner,
            self.owner,
            runs,
            older_than,
            known=known,
            clock=self.clock,
            stop=self.stop,
            progress=self.progress,
            journal=journal,
        )

    def give_up(self, run: Unfinished) -> tuple[LeftOver, ...]:
        """Delete what a run left that did not end, and end it; returns what is left. Raises JournalError."""
        cleaned = self.clean_up(run.run, leftovers_of(list(run.records)))
        self.end(run, cleaned)
        return cleaned.left

    def end(self, run: Unfinished, cleaned: Cleaned) -> None:
        """Give a run that did not end another journal, which has an end: it is no longer taken to be at work. Raises JournalError."""
        start = replace(run.records[0].start, steps=(_STEP,))
        own = name_of(start.key, run.run, "")
        left = [one for one in cleaned.left if one.name.startswith(own) or not one.id]
        with open_proof_journal(None, self.root, start, self.clock) as journal:
            for gone in cleaned.gone:
                if gone.name.startswith(own):
                    journal.deleted(LeftOver(gone.type, gone.id, gone.name, ""), gone.outcome)
            for one in left:
                journal.deleted(one, "left")
            journal.end("unknown", left)


@dataclass(frozen=True, slots=True)
class Ending:
    """The clean-up at the end of one proof."""

    closing: Closing
    work: Work
    journal: ProofJournal

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """All requests of the clean-up."""
        return self.closing.cleaner.requests

    def clean(self) -> tuple[LeftOver, ...]:
        """Delete what this run made, or may have made; returns what is left."""
        work = self.work
        written: tuple[MadeResource, ...] = ()
        with contextlib.suppress(UsageError):  # what the journal adds is what was sent without an answer
            written = read_proof_journal(self.journal.path).leftovers
        times, now = {made.id: made.at for made in written}, self.closing.clock.now()
        known = [
            MadeResource(step, made.type, work.mark(step)[0], made.id, made.uri, times.get(made.id, now))
            for step, made in work.made.items()
            if made.type != "mappingSet" and not work.keeps("schema" if step == "fieldgroup" else step)
        ]
        ids = {made.id for made in known}
        known += [made for made in written if made.id not in ids]
        return self.closing.clean_up(work.run, known, journal=self.journal).left
