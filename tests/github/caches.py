"""The caches of Actions: an entry is written once, and found from its own branch and, if that is the default branch, from all others."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.github.runner.setting import ActionCall

DEFAULT = "refs/heads/main"


@dataclass
class Caches:
    """`folder` has the files. Entries are by ref and key, the oldest first. `found` are the keys that jobs restored."""

    folder: Path
    entries: dict[tuple[str, str], Path] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def restore(self, ref: str, inputs: Mapping[str, str], _call: ActionCall) -> dict[str, str]:
        """What `actions/cache/restore` does for a run of this ref."""
        wanted = inputs["key"]
        outputs = {"cache-primary-key": wanted, "cache-hit": "", "cache-matched-key": ""}
        matched = self._match(ref, [wanted, *inputs.get("restore-keys", "").split()])
        if matched is None:
            return outputs
        if inputs.get("lookup-only") != "true":
            self.found.append(matched[1])
            shutil.copytree(self.entries[matched], inputs["path"], dirs_exist_ok=True)
        return outputs | {"cache-hit": str(matched[1] == wanted).lower(), "cache-matched-key": matched[1]}

    def save(self, ref: str, inputs: Mapping[str, str], _call: ActionCall) -> None:
        """What `actions/cache/save` does. A key that is there stays as it is."""
        if (ref, inputs["key"]) not in self.entries and Path(inputs["path"]).is_dir():
            place = self.folder / str(len(self.entries))
            shutil.copytree(inputs["path"], place)
            self.entries[ref, inputs["key"]] = place

    def _match(self, ref: str, keys: list[str]) -> tuple[str, str] | None:
        for scope in (ref, DEFAULT):
            for key in keys:
                names = [name for of, name in self.entries if of == scope and name.startswith(key)]
                if names:
                    return scope, key if key in names else names[-1]
        return None
