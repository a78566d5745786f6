"""engine.yaml gets what each proof of a command has learnt."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.desired.tree import GivenFiles
from reconciler.emulator import Behaviour
from reconciler.proofs.kept.engine_file import engine_in
from reconciler.proving.report import LearntRow
from reconciler.sessions.proofs.learning import learnt_file
from reconciler.sessions.proofs.subjects import ProofFolders
from reconciler.settings.loading import MINIMAL, load_settings
from reconciler.sources.messages import Answer, Fetch, NoAnswer, Request
from tests.proving.samples import proof
from tests.sessions.proofs.laptop import PROOF, SPEC, laptop

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


class Failing:
    """The third party as the engine sees it: the second page has always this status."""

    def __init__(self, inner: Fetch, status: int) -> None:
        self.inner = inner
        self.status = status

    def __call__(self, request: Request) -> Answer | NoAnswer:
        return Answer(self.status, {}, b"{}", 1) if ("offset", "100") in request.query else self.inner(request)


def test_a_run_that_failed_teaches_nothing_by_how_far_it_came(tmp_path: Path) -> None:
    """It read one page, as an engine does that stops where the end condition is absent."""
    spec = SPEC.replace("$.hasMore", "$.nothingLikeIt")
    with laptop(tmp_path, spec, PROOF[: PROOF.index("  windows")] + "targets: [local]\n") as here:
        here.emulator.service.fetch = Failing(here.emulator.service.fetch, 404)
        report = here.prove()
        assert [step.outcome for step in report.steps if step.id == "run"] == ["failed"]
        assert report.counts.input == 100
        assert "end-condition.absent" not in {row.key for row in report.learnt}


def test_a_run_that_succeeded_teaches_also_if_the_proof_failed(tmp_path: Path) -> None:
    spec = SPEC.replace("$.hasMore", "$.nothingLikeIt")
    with laptop(tmp_path, spec) as here:
        here.emulator.service.behaviour = Behaviour(engine={"end-condition.absent": "stop"})
        report = here.prove()
        assert (report.outcome, report.counts.input) == ("failed", 100)
        assert ("end-condition.absent", "stop") in {(row.key, row.value) for row in report.learnt}
