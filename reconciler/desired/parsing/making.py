"""What one file is for the targets of a run, packed: in a worker, or in this process where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from reconciler.desired.files import Form
from reconciler.desired.packing import NotPacked, pack
from reconciler.desired.parsing.messages import File, Made, path_of
from reconciler.desired.readings import Readings
from reconciler.desired.spec_file import SpecFile, View, read_spec_file
from reconciler.desired.tree import GivenFiles

_ELSEWHERE: Final = Made(None, ())


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes files for these targets. With `common`, only those that are the same for all of them."""

    views: Sequence[View]
    common: bool = False

    def made(self, file: File) -> Made:
        """The file for each target."""
        path, form = path_of(file.path), Form.ARTIFACT if file.is_artifact else Form.ENVELOPE
        files = self._read(path, form, file.data)
        try:
            if files[0].is_for_all:
                return Made(pack(files[0]), ())
            return _ELSEWHERE if self.common else Made(None, tuple(map(pack, files)))
        except NotPacked:
            return _ELSEWHERE

    def _read(self, path: str, form: Form, data: bytes) -> list[SpecFile]:
        """The file for each target; for the first only if it is the same for all, or if no other is wanted."""
        tree, readings = GivenFiles({path: data}), Readings()
        files: list[SpecFile] = []
        for view in self.views:
            files.append(read_spec_file(tree, path, form, View(view.target, view.targets, "", view.given_layers, readings)))
            if files[0].is_for_all or self.common:
                break
        return files
