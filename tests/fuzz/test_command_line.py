"""Commands on a folder of anything: a report or an error, no traceback, and nothing that a terminal or CI acts on."""

from __future__ import annotations

import io
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.documents.json_text import decode, encode
from tests.cli.fakes import Ran
from tests.fuzz.strategies import BODIES, ENVELOPES, GOOD, TEXTS, yaml_texts
from tests.reports.sinks.test_escaping import is_harmless

SETTINGS = b"""\
version: 1
repository: acme/aep-sources
default_target: local
targets:
  local: {emulator: .reconciler/local.db}
network: {consistency_window: 0s, settle: 0s, retries: 0}
"""
COMMANDS = (
    ["validate"],
    ["validate", "--format", "json"],
    ["validate", "--format", "sarif"],
    ["plan"],
    ["plan", "--format", "json"],
    ["doctor"],
    ["doctor", "--format", "json"],
    ["prove", "a", "--allow-target", "local", "--dry-run"],
    ["prove", "a", "--allow-target", "local", "--dry-run", "--format", "json"],
    ["prove", "a", "--allow-target", "local", "--yes"],
    ["submit", "a", "--draft"],
    ["submit", "a", "--draft", "--format", "json"],
)
SCRAPS = st.binary(max_size=6) | TEXTS.map(str.encode)
SLOW = settings(max_examples=40, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True, scope="module")
def _as_the_installed_command() -> Iterator[None]:
    """The entry point sets this limit, for bodies of 200 levels."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(10_000)
    yield
    sys.setrecursionlimit(before)


def reconciler(files: Mapping[str, bytes], *arguments: str) -> Ran:
    """One run in a folder with these files."""
    out, err = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory() as folder, chdir(folder), redirect_stdout(out), redirect_stderr(err):
        for path, data in files.items():
            file = Path("specs", path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        code = run(list(arguments), Shell({}, open_sessions))
    return Ran(code, out.getvalue(), err.getvalue())


def assert_in_order(ran: Ran, arguments: list[str]) -> None:
    assert ran.code in ({0, 1, 4} if arguments[0] == "doctor" else {0, 1, 3})
    assert "this is a bug in reconciler" not in ran.err
    assert [line for line in f"{ran.out}\n{ran.err}".split("\n") if not is_harmless(line)] == []
    if "json" in arguments or "sarif" in arguments:
        assert isinstance(decode(ran.out), dict)


@SLOW
@given(ENVELOPES.map(encode) | yaml_texts(), st.sampled_from(["sources/a.yaml", "flow-specs/a.yaml"]), st.sampled_from(COMMANDS))
def test_a_spec_file_of_anything_is_reported(text: bytes, path: str, arguments: list[str]) -> None:
    assert_in_order(reconciler({"reconciler.yaml": SETTINGS, path: text}, *arguments), arguments)


@SLOW
@given(BODIES.map(lambda body: body | GOOD), st.sampled_from(COMMANDS))
@example(GOOD | {"attributes": {"a": [[[[1e308]]]]}, "authSpec": [{"name": "a"}, {"name": "a"}], "x": {"y": -0.0}}, ["plan"])
def test_a_body_of_anything_is_planned(body: dict[str, object], arguments: list[str]) -> None:
    files = {"reconciler.yaml": SETTINGS, "sources/a-connectionSpec.json": encode(body)}
    assert_in_order(reconciler(files, *arguments), arguments)


@SLOW
@given(
    st.builds(
        lambda at, cut, scrap: SETTINGS[:at] + scrap + SETTINGS[at + cut :], st.integers(0, 150), st.integers(0, 9), SCRAPS
    ),
    st.sampled_from(COMMANDS),
)
def test_settings_of_anything_are_reported(text: bytes, arguments: list[str]) -> None:
    spec = b"kind: ConnectionSpec\nspec: " + encode(GOOD)
    assert_in_order(reconciler({"reconciler.yaml": text, "sources/a.yaml": spec}, *arguments), arguments)


@SLOW
@given(st.lists(TEXTS.filter(lambda text: "\0" not in text), max_size=3), st.sampled_from([*COMMANDS, []]))
def test_arguments_of_anything_are_reported(extra: list[str], arguments: list[str]) -> None:
    ran = reconciler({"reconciler.yaml": SETTINGS}, *arguments, *extra)
    assert ran.code in {0, 1, 3, 4}
    assert "this is a bug in reconciler" not in ran.err
    assert [line for line in f"{ran.out}\n{ran.err}".split("\n") if not is_harmless(line)] == []
