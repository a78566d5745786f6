"""Whatever `new` is given, beside whatever files: it refuses with a way out and writes nothing, or `validate` finds nothing."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from reconciler.authoring.new.source import AUTH_OPTIONS, PAGINATIONS
from reconciler.cli.entry import open_sessions
from reconciler.cli.failures import run
from reconciler.cli.shell import Shell
from reconciler.documents.json_text import decode
from reconciler.sdk.catalog import CATEGORIES
from tests.authoring.new.test_addresses import HOSTS, PATHS
from tests.authoring.new.test_checks import PIECES, TEXTS
from tests.cli.test_validate import SETTINGS

KEYS = st.sampled_from(["acme-orders", "Acme-Orders", "acme.orders", "a", "1.0", "no", "-", "", "a/b", "..", "connection-spec"])
HOST = st.sampled_from(HOSTS) | st.lists(PIECES, max_size=3).map(lambda pieces: "https://" + "".join(pieces))
PATH = st.sampled_from(PATHS) | st.lists(PIECES, max_size=4).map(lambda pieces: "/" + "".join(pieces))
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXTS,
        "description": TEXTS,
        "category": st.sampled_from(list(CATEGORIES)),
        "template": st.sampled_from(["batch", "batch", "streaming"]),
        "auth": st.sampled_from(list(AUTH_OPTIONS)),
        "pagination": st.sampled_from(list(PAGINATIONS)),
        "schedule": st.sampled_from(["on", "off"]),
        "host": HOST,
        "path": PATH,
    },
)
LEVELS = st.sampled_from(["", "rules: {text-for-key: error}\n", "rules: {text-for-key: 'off', unused-ignore: error}\n"])


def findings(specs: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The codes of what `validate` finds, less what is only said."""
    run(["--specs", str(specs), "validate", "--format", "json"], Shell({}, open_sessions))
    problems = decode(capsys.readouterr().out)["problems"]
    return [problem["code"] for problem in problems if problem["severity"] != "info"]


def new(specs: Path, key: str, options: dict[str, str]) -> int:
    if options.get("template") != "streaming":
        options = {"host": "https://api.acme.example"} | options
    arguments = [f"--{name}={text}" for name, text in options.items()]
    return run(["--specs", str(specs), "new", *arguments, "--", key], Shell({}, open_sessions))


@given(wishes=st.lists(st.tuples(KEYS, OPTIONS), min_size=1, max_size=2), levels=LEVELS)
@settings(max_examples=150)
def test_what_is_not_refused_is_in_order_beside_what_is_there(
    wishes: list[tuple[str, dict[str, str]]], levels: str, request: pytest.FixtureRequest
) -> None:
    capsys: pytest.CaptureFixture[str] = request.getfixturevalue("capsys")
    with TemporaryDirectory() as folder:
        specs = Path(folder)
        (specs / "reconciler.yaml").write_text(SETTINGS + levels)
        for key, options in wishes:
            before = sorted(specs.rglob("*"))
            code = new(specs, key, options)
            printed = capsys.readouterr()
            event(f"{code}")
            if code != 0:
                assert (code, printed.out, "\nhint: " in printed.err) == (1, "", True)
                assert sorted(specs.rglob("*")) == before
                continue
            assert findings(specs, capsys) == []


def test_every_combination_of_choices_is_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "reconciler.yaml").write_text(SETTINGS)
    wishes = [*product(("batch",), (*AUTH_OPTIONS, ""), PAGINATIONS, ("on", "off")), ("streaming", "", "", "")]
    for number, (template, auth, pagination, schedule) in enumerate(wishes):
        options = {"template": template, "auth": auth, "pagination": pagination, "schedule": schedule}
        assert new(tmp_path, f"source-{number}", {name: text for name, text in options.items() if text}) == 0
    for number, category in enumerate(CATEGORIES):
        for template in ("batch", "streaming"):
            assert new(tmp_path, f"{template}-{number}", {"template": template, "category": category}) == 0
    capsys.readouterr()
    assert findings(tmp_path, capsys) == []
