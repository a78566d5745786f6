"""Prepare an import: convert live specs to spec files."""

from __future__ import annotations

from reconciler.authoring.importing.folder import Folder
from reconciler.authoring.importing.selection import Choice
from reconciler.authoring.importing.specs import Import, import_specs
from reconciler.documents.kinds import Kind
from reconciler.flowservice.client import SpecReader
from reconciler.flowservice.paths import is_spec_id
from reconciler.observing.live import fetch_missing, observe
from reconciler.observing.prepare import situation_of
from reconciler.observing.progress import Progress
from reconciler.observing.workspace import Workspace
from reconciler.planning.plan import Options


def prepare_import(workspace: Workspace, reader: SpecReader, folder: Folder, choice: Choice, progress: Progress) -> Import:
    """Return what an import would write now. An id that the lists do not show is fetched separately. Raises ReconcilerError."""
    concurrency = workspace.network.concurrency
    progress.step("reading connection specs and flow specs")
    observation = observe(reader, workspace.desired, concurrency)
    shown = {spec.id for spec in observation.live}
    kinds = [choice.kind] if choice.kind else list(Kind)
    hidden = [(kind, spec_id) for spec_id in choice.ids if spec_id not in shown and is_spec_id(spec_id) for kind in kinds]
    observation = fetch_missing(reader, observation, hidden, concurrency)
    return import_specs(situation_of(workspace, reader, observation, Options()), folder, choice)
