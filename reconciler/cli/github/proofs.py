"""The report of `prove` in the commands that post results to GitHub."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urlsplit

from reconciler.errors import Problem, Severity, count
from reconciler.proofs.folder import is_proved_file
from reconciler.proving.report import NotProved, ProveReport
from reconciler.reports.apply.by_hand import APPLY, Workflow, dispatch
from reconciler.reports.problems.markdown import problems_section
from reconciler.reports.proving.markdown import prove_markdown
from reconciler.reports.proving.phrases import next_step, outcome_word, records_words, verdict
from reconciler.reports.sinks.markdown import Blocks, FileLinks, code, fence, link, size

if TYPE_CHECKING:
    from reconciler.github.checks import Conclusion
    from reconciler.github.event import Event

Proof: TypeAlias = ProveReport | NotProved

_AGAIN: Final = "read the reasons of the steps in the job summary, correct the spec or proof.yaml, and prove again"
_APPLY: Final = re.compile(r"\breconciler --target (?P<target>[A-Za-z0-9_-]+) apply\b")
"""A hint to apply a spec. No terminal has the credential of a target that GitHub applies."""

PROVED_ARTIFACT: Final = "proved"
"""The artifact with the files to commit is `proved-TARGET-ATTEMPT`: the name is that of `.github/actions/prove`."""


def key_of(proof: Proof) -> str:
    """The key of the spec."""
    return proof.spec.key if isinstance(proof, ProveReport) else proof.key


def conclusion_of(proof: Proof) -> Conclusion:
    """How the check run of a proof ends: only a proof that left nothing succeeds."""
    if isinstance(proof, NotProved):
        return "failure"
    if proof.interrupted:
        return "cancelled"
    return "success" if proof.exit_code == 0 else "failure"


def title_of(proof: Proof) -> str:
    """A line for a check run."""
    if isinstance(proof, NotProved):
        return "not proved: the proof was not begun"
    if proof.outcome == "proved" and not proof.left:
        return f"proved: {records_words(proof.counts)}"
    return f"{outcome_word(proof)}: {verdict(proof)}"


def problems_of_proof(proof: Proof, workflow: Workflow = APPLY) -> tuple[Problem, ...]:
    """What to annotate: why there is no proof, what is left, then the findings. `workflow` applies by hand."""
    if isinstance(proof, NotProved):
        return tuple(_on_github(problem, proof.key, workflow) for problem in proof.problems)
    found = []
    if proof.outcome != "proved":
        said = f"{key_of(proof)} is not proved: {verdict(proof)}"
        hint = _AGAIN if proof.left else next_step(proof) or _AGAIN
        found.append(Problem(Severity.ERROR, "not-proved", said, hint=hint, key=key_of(proof)))
    if proof.left:
        said = f"the proof of {key_of(proof)} left {count(len(proof.left), 'resource')} in {proof.target.name}"
        found.append(Problem(Severity.WARNING, "left-over", said, hint=next_step(proof), key=key_of(proof)))
    return (*found, *proof.findings)


def _on_github(problem: Problem, key: str, workflow: Workflow) -> Problem:
    """The problem; if its hint is to apply the spec, with the command that does so on GitHub."""
    found = _APPLY.search(problem.hint or "")
    if found is None:
        return problem
    return replace(problem, hint=f"{problem.hint}; on GitHub: {dispatch(found['target'], keys=(key,), workflow=workflow)}")


def proof_markdown(proof: Proof, target: str, event: Event, links: FileLinks, limit: int, workflow: Workflow = APPLY) -> str:
    """The proof in at most `limit` bytes (2,000 or more), with the commands that bring a kept file into the repository."""
    if isinstance(proof, NotProved):
        body = Blocks(limit, f"### Proof of {code(proof.key)}", link("this run", event.run_url) if event.run_url else "")
        body.add(f"**Not proved** in {code(target)}: the proof was not begun, and nothing was made")
        body.add(problems_section("Problems", problems_of_proof(proof, workflow), links, body.room))
        return body.render()
    more = _keeping(proof, event)
    return prove_markdown(proof, links=links, limit=limit - size(more) - 2) + (f"\n{more}\n" if more else "")


def _keeping(proof: ProveReport, event: Event) -> str:
    """How the file gets into the repository: the workflow may not write there, and somebody should read the file first."""
    kept = [file for file in proof.written if is_proved_file(PurePosixPath(file).name)]
    run = _run_of(event)
    if not kept or run is None:
        return ""
    number, attempt = run
    target, key = proof.target.name, key_of(proof)
    folder = f".reconciler/run-{number}"
    commands = [
        f"gh run download {number} --name {PROVED_ARTIFACT}-{target}-{attempt} --dir {folder}",
        f"git switch --create proved-{target}-{number}",
        f"cp -R {folder}/. .",
        f"git add {_folder_of(kept[0])}",
        f'git commit -m "Keep the proof of {key} in {target}"',
        "gh pr create --fill",
    ]
    return f"#### Keep this proof\n\nThe file counts once it is merged. In a clone of the repository:\n\n{fence(commands, 'sh')}"


def _run_of(event: Event) -> tuple[str, str] | None:
    """The number of the run, and of the attempt."""
    _, _, rest = urlsplit(event.run_url or "").path.partition("/actions/runs/")
    number, _, attempt = rest.partition("/attempts/")
    return (number, attempt or "1") if number.isdigit() else None


def _folder_of(file: str) -> str:
    """`specs/proofs` for `specs/proofs/KEY/proved-TARGET.json`: what was learnt is beside the folder of the key."""
    return Path(file).parent.parent.as_posix()
