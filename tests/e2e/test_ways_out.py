"""Each refusal names a way out, and following it leads out: the apply after it converges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import reconciler
from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.documents.json_text import Document
from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from tests.e2e.ways_out import CASES, Case
from tests.e2e.workplace import NEEDS_GIT, Ran, Workplace

PACKAGE = Path(reconciler.__path__[0])


class InProcess(Workplace):
    """A workplace whose commands run in this process, over HTTP all the same."""

    capfd: pytest.CaptureFixture[str]

    def run(self, *words: str, stdin: str = "", **environ: str) -> Ran:
        del stdin
        code = run(list(words), Shell(self.env | environ, open_sessions))
        printed = self.capfd.readouterr()
        return Ran(code, printed.out, printed.err)


@pytest.fixture
def work(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    with build(":memory:") as emulator, serving(emulator.app) as url:
        made = InProcess(tmp_path / "checkout", url, emulator)
        made.capfd = capfd
        made.settings(NEEDS_GIT)
        made.live()
        monkeypatch.chdir(made.folder)
        yield made


def refusal(document: Document, code: str) -> str:
    """The hint of the error of this code."""
    errors = [problem for problem in document["problems"] if problem["severity"] == "error"]
    found = [problem["hint"] for problem in errors if problem["code"] == code]
    assert found, [(problem["code"], problem["message"]) for problem in errors] or document
    return str(found[0])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_following_the_hint_of_a_refusal_leads_out(work: Workplace, case: Case) -> None:
    case.arrange(work)
    work.requests()
    refused = work.run("apply", "--yes", "--format", "json", *case.words)
    assert refused.code in (1, 3), refused
    assert work.writes() == []
    hint = refusal(refused.json, case.code)
    assert case.says in hint
    assert case.says in refused.err or case.code in refused.out
    more = case.follow(work, hint)
    if case.commits and work.git("status", "--porcelain"):
        work.commit("as the hint says")
    out = work.run("apply", "--yes", "--format", "json", *case.words, *more)
    assert out.code == 0, out.out + out.err
    quiet = work.run("plan", "--format", "json")
    assert (quiet.code, quiet.json["actions"]) == (0, []) or case.name == "a deliberate rollback", quiet.out


def _problems() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem" and node.args:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


_HINT = ("severity", "code", "message", "file", "line", "column", "hint").index("hint")
_DETAILS = frozenset({"reports/plan/differences.py", "reviews/refusal.py"})
"""Differences from the reviewed plan: details of an error that has the hint."""


def test_every_error_that_is_made_in_the_code_has_a_hint() -> None:
    without = [
        place
        for place, call in _problems()
        if "ERROR" in ast.unparse(call.args[0])
        and place.partition(":")[0] not in _DETAILS
        and not any(keyword.arg == "hint" and ast.unparse(keyword.value) not in ("None", "''") for keyword in call.keywords)
        and len(call.args) <= _HINT
    ]
    assert without == []


_NOT_FOLLOWED = frozenset({"not-found", "not-ours"})
"""Refusals of `restore`, whose tests follow them."""


def test_every_code_that_planning_refuses_with_is_followed_out() -> None:
    coded = {
        str(part.value)
        for place, call in _problems()
        if place.startswith(("planning/", "breaking/")) and "ERROR" in ast.unparse(call.args[0])
        for part in ast.walk(call.args[1])
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    followed = {case.code for case in CASES}
    assert {code for code in coded if not any(one.startswith(code) for one in followed)} <= _NOT_FOLLOWED
