"""The Python interface, on real sessions and the embedded Flow Service."""

from __future__ import annotations

import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_type_hints

import pytest

from reconciler import api
from reconciler.cli.options.plan import PlanFlags
from reconciler.desired.kept import FEWEST
from reconciler.documents.json_text import decode
from reconciler.documents.merge import merge_patch
from reconciler.emulator import build
from tests.desired.git.repositories import Repository
from tests.docs.console import JANE, PROJECT
from tests.reports.schemas.conforming import differences
from tests.sessions.test_service import SETTINGS, SPEC, Run, reconciler, specs

__all__ = ["reconciler", "specs"]
HOST = {"sourceSpec": {"attributes": {"host": "us7"}}}
PAGE = (PROJECT / "docs/api.md").read_text()


@pytest.fixture(autouse=True)
def quiet(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """No function prints anything."""
    handlers = [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)]
    yield
    assert capsys.readouterr() == ("", "")
    assert [signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)] == handlers


def test_a_plan_is_what_the_command_prints(specs: Path, reconciler: Run) -> None:
    made = api.plan(specs, environ={})
    assert (made.summary.create, [action.key for action in made.actions if action.key]) == (1, ["orders"])
    assert decode(api.as_json(made)) == reconciler("--specs", str(specs), "plan", "--format", "json").json


def test_status_drift_and_validate_are_what_the_commands_print(specs: Path, reconciler: Run) -> None:
    folder = ("--specs", str(specs))
    for value, command in (
        (api.status(specs, environ={}), "status"),
        (api.drift(specs, environ={}), "drift"),
        (api.validate(specs), "validate"),
    ):
        assert decode(api.as_json(value)) == reconciler(*folder, command, "--format", "json").json


def test_no_function_uses_the_cache_of_the_commands(specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(FEWEST):
        folder = specs / "sources" / f"more-{number}"
        folder.mkdir()
        (folder / "connection-spec.yaml").write_text(SPEC.replace("Acme Orders", f"Acme {number}"))
    cache = tmp_path / "cache"
    monkeypatch.setenv("RECONCILER_CACHE_DIR", str(cache))
    api.validate(specs)
    api.plan(specs)
    api.plan(specs, environ={"RECONCILER_CACHE_DIR": str(cache)})
    assert not cache.exists()


def test_an_apply_does_what_was_planned_and_then_there_is_no_drift(specs: Path) -> None:
    planned = api.plan(specs, environ={})
    done = api.apply(specs, environ={}, expect=planned.digest[:12])
    assert done.converged
    assert [result.outcome for result in done.results] == ["created", "attached"]
    assert done.plan is not None
    assert done.plan.digest == planned.digest
    assert differences(decode(api.as_json(done))) == []
    found = api.drift(specs, environ={})
    assert (found.found, found.complete, found.actions) == (False, True, ())


def test_what_somebody_changed_is_drift(specs: Path) -> None:
    api.apply(specs, environ={})
    (spec,) = (spec for spec in api.status(specs, environ={}).specs if spec.key == "orders")
    with build(specs.parent / ".reconciler/local.db") as emulator:
        emulator.service.edit(str(spec.id), lambda live: merge_patch(live, HOST), JANE)
    assert api.drift(specs, environ={}).found


def test_a_change_that_was_committed_long_ago_and_never_applied_is_overdue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clone = Repository.new(tmp_path / "clone")
    monkeypatch.chdir(clone.root)
    files = {"reconciler.yaml": SETTINGS, "sources/orders/connection-spec.yaml": SPEC}
    commit = clone.commit(files, at=int(time.time()) - 3 * 86_400)
    found = api.drift("specs", environ={})
    assert (found.found, [(one.key, one.commit) for one in found.overdue]) == (False, [("orders", commit)])
    clone.write({"reconciler.yaml": SETTINGS + "drift: {max_pending: 7d}\n"})
    assert api.drift("specs", environ={}).overdue == ()


@pytest.mark.parametrize("expect", ["", "0" * 12])
def test_another_digest_is_refused_and_nothing_is_written(specs: Path, expect: str) -> None:
    with pytest.raises(api.Refused):
        api.apply(specs, environ={}, expect=expect)
    assert api.plan(specs, environ={}).summary.create == 1


def test_a_limit_of_this_call_refuses_as_that_of_the_settings_does(specs: Path) -> None:
    with pytest.raises(api.Refused, match="the plan has 1 error"):
        api.apply(specs, environ={}, max_creates=0)
    assert [problem.code for problem in api.plan(specs, environ={}, max_creates=0).errors] == ["too-many-creates"]


def test_the_options_are_those_of_the_command() -> None:
    assert set(get_type_hints(api.PlanOverrides)) == set(get_type_hints(PlanFlags))
    (row,) = re.findall(r"^\| others, of plan and apply \| (.*) \|$", PAGE, re.MULTILINE)
    assert re.findall(r"`(\w+)`", row) == list(get_type_hints(api.PlanOverrides))


def test_credentials_come_from_the_mapping_alone(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_ACCESS_TOKEN", "token-of-the-process")
    with pytest.raises(api.SettingsError, match="RECONCILER_"):
        api.plan(specs, target="stage", environ={})


def test_without_a_mapping_they_come_from_the_process(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_STAGE_SANDBOX", "Not A Sandbox")
    with pytest.raises(api.SettingsError, match="stage"):
        api.plan(specs, target="stage")


def test_a_key_that_is_not_there_is_an_error(specs: Path) -> None:
    with pytest.raises(api.UsageError, match="nope"):
        api.plan(specs, environ={}, keys=["nope"])


def test_a_string_is_not_a_list_of_keys(specs: Path) -> None:
    with pytest.raises(api.UsageError, match="list of keys"):
        api.plan(specs, environ={}, keys="orders")


def test_a_stop_before_writing_interrupts(specs: Path) -> None:
    stop = api.Stop()
    stop.request(api.ExitCode.SIGTERM)
    with pytest.raises(api.Interrupted):
        api.apply(specs, environ={}, stop=stop)
    assert api.plan(specs, environ={}).summary.create == 1


def test_mistakes_in_files_are_problems_and_no_exception(specs: Path) -> None:
    (specs / "sources/orders/connection-spec.yaml").write_text("kind: Nope\n")
    found = api.validate(specs)
    assert found.errors
    assert api.plan(specs, environ={}).errors
    with pytest.raises(api.ReconcilerError, match="nothing was written"):
        api.apply(specs, environ={})


def test_several_threads_may_call_at_once(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) / "specs" for number in range(4)]
    for number, folder in enumerate(folders):
        (folder / "sources/orders").mkdir(parents=True)
        (folder / "reconciler.yaml").write_text(SETTINGS + "git: {required: false}\n")
        (folder / "sources/orders/connection-spec.yaml").write_text(SPEC.replace("us6", f"us{number}"))
    with ThreadPoolExecutor(len(folders)) as pool:
        assert all(done.converged for done in pool.map(lambda folder: api.apply(folder, environ={}), folders))


def test_the_deepest_body_that_is_allowed_works_in_a_thread_of_any_program(specs: Path) -> None:
    file = specs / "sources/orders/connection-spec.yaml"
    file.write_text(SPEC + "  exploreSpec: " + "{a: " * 180 + "1" + "}" * 180 + "\n")
    found: list[object] = []

    def look() -> None:
        try:
            found.append(api.plan(specs, environ={}).summary.create)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test shows it
            found.append(error)

    limit = sys.getrecursionlimit()
    thread = threading.Thread(target=look)
    sys.setrecursionlimit(1_000)
    try:
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
    assert found == [1]


def test_the_page_lists_the_errors_of_the_module() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", PAGE.partition("## Errors")[2].partition("## In")[0], re.MULTILINE))
    errors = {name for name in api.__all__ if isinstance(one := getattr(api, name), type) and issubclass(one, Exception)}
    assert listed == errors - {"ReconcilerError"}


@pytest.mark.usefixtures("specs")
def test_the_example_of_the_page_runs() -> None:
    (example,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    printed: list[tuple[object, ...]] = []
    exec(compile(example, "docs/api.md", "exec"), {"print": lambda *words: printed.append(words)})  # noqa: S102 - our own page
    assert [words[:2] for words in printed] == [("create", "Acme Orders"), ("attach", "RestStorageToAEP")]
