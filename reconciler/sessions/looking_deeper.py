"""`doctor --deep`: agreed to, made under a name that clean-up knows, and deleted again."""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Final

from reconciler.dataflows.cleaning import ProofCleaner
from reconciler.dataflows.drafting import DraftMaker
from reconciler.diagnosis.deep.draft import check_draft
from reconciler.diagnosis.deep.guarding import refusal_of
from reconciler.diagnosis.deep.mapping import check_mapping_bodies
from reconciler.diagnosis.deep.means import Deep, DeepMeans, lines_of, spec_for_drafts
from reconciler.diagnosis.live import live_specs
from reconciler.diagnosis.report import Check
from reconciler.diagnosis.subject import Subject
from reconciler.errors import Refused
from reconciler.observing.progress import Progress
from reconciler.proving.naming import description_of, name_of, run_name

_KEY: Final = "doctor"
"""The key in the names of what is made, so that `prove --cleanup` finds it."""


def look_deeper(subject: Subject, checks: Collection[Check], deep: Deep, progress: Progress) -> tuple[Check, ...]:
    """The checks of a draft and of mapping bodies; one that says why nothing was made. Raises Refused if nobody agrees."""
    refused = refusal_of(subject, checks)
    if refused is not None:
        return (refused,)
    spec = spec_for_drafts(live_specs(subject).specs)
    if spec is None or subject.workspace is None:
        said = "nothing was made: no live connection spec says that it supports drafts (attributes.isDraftModeSupported)"
        return (Check("deep", "unknown", said, asked="GET /connectionSpecs", due=False),)
    session = subject.probe.session
    dependencies = session.dependencies
    rng = random.Random()  # noqa: S311 - names of runs
    run = run_name(datetime.fromtimestamp(dependencies.clock.now(), UTC), rng)
    name = name_of(_KEY, run, "connection")
    if not deep.agree(lines_of(spec, name)):
        raise Refused("nothing was made: --deep was not agreed to", hint="answer 'yes', or pass --yes")
    progress.step("waiting for a draft to be made, changed and deleted")
    owner = subject.workspace.owner
    maker = DraftMaker(session)
    means = DeepMeans(
        maker=maker,
        cleaner=ProofCleaner(session),
        clock=dependencies.clock,
        stop=dependencies.stop or _NeverStopped(),
        spec=spec,
        name=name,
        description=description_of(run, owner.repository, owner.sandbox, _KEY),
        window=dependencies.network.consistency_window,
        target=subject.target.name,
    )
    found = check_draft(means)
    return found if means.stop.is_set() else (*found, check_mapping_bodies(maker))


class _NeverStopped:
    """A stop that nobody requests."""

    def is_set(self) -> bool:
        return False
