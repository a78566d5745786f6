"""Where a proof writes: not into a dataset that Real-Time Customer Profile reads, because its records could not be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from reconciler.dataflows.reading import ProofReader
from reconciler.dataflows.resources import Resource
from reconciler.documents.json_text import Json, value_at
from reconciler.errors import Problem, ServiceError
from reconciler.proving.guards.before import refusal
from reconciler.proving.subject import Subject

IN_PROFILE: Final = "is enabled for Profile, so the records of a proof would become parts of profiles"
_TAGS: Final = ("unifiedProfile", "unifiedIdentity")
_REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


def dataset_refusals(reader: ProofReader, subject: Subject, file: str) -> Iterator[Problem]:
    """A refusal of the dataset that the proof file names. Raises ServiceError."""
    if subject.dataset_id is None:
        return
    try:
        found = reader.get("dataset", subject.dataset_id)
    except ServiceError as error:
        if error.status not in _REFUSED:
            raise
        return  # the step says that this is not known
    shown = f"the dataset {subject.dataset_id[:80]} of {file}"
    if found is None:
        hint = f"correct target.dataset in {file}, or write dataset: auto"
        yield refusal(subject.key, "no-dataset", f"{shown} is not in the sandbox {subject.target.sandbox}", hint)
    elif is_in_profile(found):
        hint = f"name another dataset in {file}, or write dataset: auto"
        yield refusal(subject.key, "profile-enabled", f"{shown} {IN_PROFILE}", hint)


def is_in_profile(dataset: Resource) -> bool:
    """Whether a dataset is enabled for Profile or for Identity: the tag says so, in whatever form."""
    return any(_is_on(value_at(dataset.body, "tags", tag)) for tag in _TAGS)


def may_be_read(reader: ProofReader, dataset_id: str) -> bool:
    """Whether this credential may read a dataset. Raises ServiceError for everything but a missing permission."""
    try:
        reader.get("dataset", dataset_id)
    except ServiceError as error:
        if error.status not in _REFUSED:
            raise
        return False
    return True


def _is_on(tag: Json) -> bool:
    values = tag if isinstance(tag, list) else [tag]
    return any(value is True or (isinstance(value, str) and "true" in value.casefold()) for value in values)
