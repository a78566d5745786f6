"""engine.yaml gets what each proof of a command has learnt."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.tree import GivenFiles
from reconciler.proofs.engine_file import engine_in
from reconciler.proving.report import LearntRow
from reconciler.sessions.proofs.learning import learnt_file
from reconciler.sessions.proofs.subjects import ProofFolders
from reconciler.settings.loading import MINIMAL, load_settings
from tests.proving.samples import proof

END = LearntRow("page.end", "inclusive", "")
ROWS = LearntRow("row.wrapped", "bare", "")


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    (tmp_path / "reconciler.yaml").write_text(MINIMAL)
    return tmp_path


def folders(specs: Path) -> ProofFolders:
    settings = load_settings(specs)
    return ProofFolders.of(specs, settings, next(iter(settings.targets)), served=False)


def values(data: bytes) -> dict[str, str]:
    read = engine_in(GivenFiles({"proofs/engine.yaml": data}))
    return {key: answer.value for key, answer in read.answers.items()}


def test_a_proof_adds_to_the_file_in_the_specs_folder(specs: Path) -> None:
    file, problems = learnt_file(specs, folders(specs), proof(learnt=(END,)), {})
    assert file is not None
    assert (file[0], values(file[1]), problems) == (specs / "proofs/engine.yaml", {"page.end": "inclusive"}, ())


def test_the_second_proof_of_a_command_keeps_what_the_first_has_learnt(specs: Path) -> None:
    first, _ = learnt_file(specs, folders(specs), proof(learnt=(END,)), {})
    assert first is not None
    second, _ = learnt_file(specs, folders(specs), proof(learnt=(ROWS,)), dict([first]))
    assert second is not None
    assert values(second[1]) == {"page.end": "inclusive", "row.wrapped": "bare"}


def test_without_anything_learnt_nothing_is_written(specs: Path) -> None:
    assert learnt_file(specs, folders(specs), proof(learnt=()), {}) == (None, ())


def test_an_answer_that_contradicts_the_file_is_a_warning_of_the_report(specs: Path) -> None:
    first, _ = learnt_file(specs, folders(specs), proof(learnt=(END,)), {})
    assert first is not None
    other = proof(learnt=(LearntRow("page.end", "exclusive", ""),))
    _, problems = learnt_file(specs, folders(specs), other, dict([first]))
    assert [problem.code for problem in problems] == ["contradicting-answer"]
