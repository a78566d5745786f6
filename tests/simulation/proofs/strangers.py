"""What others have in the sandbox: resources whose names or descriptions are almost ours, and copies of ours."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reconciler.documents.json_text import decode
from reconciler.emulator import Emulator
from reconciler.emulator.model import (
    CONNECTIONS,
    DATASETS,
    FIELDGROUPS,
    FLOWS,
    MAPPING_SETS,
    SCHEMAS,
    SOURCE_CONNECTIONS,
    TARGET_CONNECTIONS,
    Place,
)
from reconciler.proving.naming import description_of, name_of
from tests.simulation.proofs.sources import KEY, ORG, REPOSITORY, SANDBOX

HERE = Place(ORG, SANDBOX)
KINDS = (FLOWS, SOURCE_CONNECTIONS, TARGET_CONNECTIONS, CONNECTIONS, DATASETS, SCHEMAS, FIELDGROUPS)
OLD_RUN = "20240101T1012-7f3a"
SIBLING = "acme-orders"
TITLED = (SCHEMAS, FIELDGROUPS)
_OURS = description_of(OLD_RUN, REPOSITORY, SANDBOX, KEY)
FORMS: tuple[tuple[str, str], ...] = (
    (name_of(KEY, OLD_RUN, "flow"), ""),
    (name_of(KEY, OLD_RUN, "flow"), "our own"),
    (name_of(KEY, OLD_RUN, "flow"), description_of(OLD_RUN, "acme/other", SANDBOX, KEY)),
    (name_of(KEY, OLD_RUN, "flow"), description_of(OLD_RUN, REPOSITORY, "prod", KEY)),
    (name_of(KEY, OLD_RUN, "flow"), description_of("20240101T1012-7f3b", REPOSITORY, SANDBOX, KEY)),
    (name_of(KEY, OLD_RUN, "flow"), description_of(OLD_RUN, REPOSITORY, SANDBOX, f"{KEY}-2")),
    (f"Copy of {name_of(KEY, OLD_RUN, 'flow')}", _OURS),
    (f"{name_of(KEY, OLD_RUN, 'flow')}/copy", _OURS),
    (f"{name_of(KEY, OLD_RUN, 'flow')} ", _OURS),
    (f"reconciler-proofs/{KEY}/{OLD_RUN}/flow", _OURS),
    (name_of(KEY.upper(), OLD_RUN, "flow"), _OURS),
    ("a flow of ours", '{"reconciler":"yes"}'),
    ("reconciler-proof/", "{}"),
)
"""Names and descriptions that no proof of ours gives together."""


@dataclass
class Strangers:
    """Everybody else's resources; `seen` is each as it was made: its body and its revision."""

    emulator: Emulator
    rng: random.Random
    seen: dict[tuple[str, str], tuple[bytes, int]] = field(default_factory=dict)
    siblings: dict[tuple[str, str], tuple[bytes, int]] = field(default_factory=dict)
    """What a killed proof of another key of ours left: only a clean-up of all keys deletes it."""

    def move_in(self) -> None:
        """What is there before our first command."""
        for _ in range(self.rng.choice([0, 2, 4, 9])):
            self.make(self.rng.choice(KINDS), *self.rng.choice(FORMS))
        if self.rng.random() < 0.4:
            name = self.rng.choice([f"reconciler-proof/{KEY}-2/mapping", f"reconciler-proof/{KEY}/mapping"])
            self._made(MAPPING_SETS, {"name": name, "mappings": []}, self.seen)
        if self.rng.random() < 0.4:
            mark = name_of(SIBLING, OLD_RUN, "connection"), description_of(OLD_RUN, REPOSITORY, SANDBOX, SIBLING)
            for kind in self.rng.sample(KINDS, 2):
                self.make(kind, *mark, siblings=True)

    def make(self, kind: str, name: str, description: str, *, siblings: bool = False) -> None:
        """One resource with this name and description."""
        naming = "title" if kind in TITLED else "name"
        body: dict[str, Any] = {naming: name, "description": description} if description else {naming: name}
        if kind in TITLED:
            unique = f"{self.rng.getrandbits(64):016x}"
            body |= {
                "$id": f"https://ns.adobe.com/acme/{kind}/{unique}",
                "meta:altId": f"_acme.{kind}.{unique}",
                "version": "1.0",
            }
            body |= {"meta:resourceType": kind, "type": "object", "id": f"_acme.{kind}.{unique}"}
        self._made(kind, body, self.siblings if siblings else self.seen)

    def copy(self, kind: str, body: Mapping[str, Any]) -> None:
        """Somebody copies a resource: under another name, or with another description."""
        naming = "title" if kind in TITLED else "name"
        name, description = str(body.get(naming, "")), str(body.get("description", ""))
        if self.rng.random() < 0.5:
            self.make(kind, f"{name} (copy)", description)
        else:
            self.make(kind, name, description.replace(REPOSITORY, "acme/other"))

    def _made(self, kind: str, body: Mapping[str, Any], where: dict[tuple[str, str], tuple[bytes, int]]) -> None:
        (made,) = self.emulator.store.seed(kind, [body], ORG, SANDBOX)
        row = self.emulator.store.find(kind, HERE, made)
        assert row is not None
        where[kind, made] = row.body, row.revision

    def touched(self, where: Mapping[tuple[str, str], tuple[bytes, int]]) -> list[str]:
        """What of this is not as it was."""
        found = []
        for (kind, made), before in where.items():
            row = self.emulator.store.find(kind, HERE, made)
            if row is None or (row.body, row.revision) != before:
                found.append(f"{kind} {made} {'is gone' if row is None else 'was changed'}: {decode(before[0])}")
        return found
