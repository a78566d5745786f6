from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import main
from tests.bench.compare import Pair, commands, compare_size, line
from tests.bench.compare import main as compare
from tests.bench.fleets import Row as Fleet
from tests.bench.fleets import fleet_lines
from tests.bench.generate import write_repository
from tests.bench.measure import BenchFailed, Measure, cost, emulator, environment, measure, middle
from tests.bench.memory import peak_of
from tests.bench.plans import FLOOR, Line, Scenario, growth_lines, scenarios
from tests.bench.shares import SHARES, share_of
from tests.bench.startup import PASS, Start, start_lines
from tests.bench.trials import Row, trial_lines
from tests.revisions_of_code import code_at

LINE = re.compile(r" +2  (.+?)(?: +[0-9.]+){6} +(\d+)")
VALIDATE = ("validate", "validate, cache is filled", "validate, files are cached")
REQUESTS = {"2% changed plan": "4", "a user's script": "4"} | dict.fromkeys(VALIDATE, "0")


def test_a_line_for_each_scenario_with_its_three_requests_and_one_for_a_changed_spec(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--sizes", "2", "--rounds", "1", "--pages", "150", "--targets", "2"])
    _, *lines = capsys.readouterr().out.splitlines()
    trials = (
        "floor: bare loop, 150",
        "try, 150",
        "try --format json, 150",
        "try --replay, 25",
        "try --all --replay, the examples",
    )
    assert [
        next((name for name in trials if line.startswith(name)), None) for line in lines if "try" in line or "bare" in line
    ] == [*trials]
    fleets = (
        "2 embedded targets x 10 specs",
        "  one of them, 2 times",
        "floor: 2 x 2 lists of 200 specs",
        "2 targets x 200 specs",
    )
    assert [name for name in fleets for line in lines if line.startswith(name)] == [*fleets]
    matches = [LINE.fullmatch(line) for line in lines]
    assert [match.groups() for match in matches if match] == [
        (scenario.name, REQUESTS.get(scenario.name, "3")) for scenario in scenarios(Path("base"), Path("changed"), 2)
    ]
    shares = [line.split()[-len(SHARES) :] for line in lines if re.match(r".* plan.*, 2 ", line)]
    assert len(shares) == 4
    assert all(90 < sum(map(int, line)) < 110 for line in shares)


def test_start_up_is_told_as_multiples_of_a_python_that_does_nothing() -> None:
    found = {PASS: 0.01, Start("fast", (), 4): 0.039, Start("slow", (), 4): 0.05}
    assert [line.split() for line in start_lines(found)[1:]] == [
        ["python", "-c", "pass", "10", "1.0"],
        ["fast", "39", "3.9", "4"],
        ["slow", "50", "5.0", "4", "!"],
    ]


def test_a_trial_is_marked_for_its_time_and_for_its_memory() -> None:
    rows = [
        Row("floor", 2, 2, 30),
        Row("try", 2.4, 2, 60, 1.25, 65),
        Row("slow", 3, 2, 60, 1.25, 65),
        Row("big", 2, 2, 70, 1.25, 65),
    ]
    assert [line.split() for line in trial_lines(rows)[1:]] == [
        ["floor", "2000", "1.00", "30"],
        ["try", "2400", "1.20", "1.25", "60", "65"],
        ["slow", "3000", "1.50", "1.25", "!", "60", "65"],
        ["big", "2000", "1.00", "1.25", "70", "65", "!"],
    ]


def test_a_fleet_is_marked_for_its_seconds_or_for_its_multiple_of_the_floor() -> None:
    rows = [
        Fleet("small", 1.5, 60, most=5),
        Fleet("slow", 6, 60, most=5),
        Fleet("near", 9, 60, 1.2, 1.3),
        Fleet("far", 9, 60, 4, 1.3),
    ]
    assert [line.split() for line in fleet_lines(rows)][1:] == [
        ["small", "1.50", "5", "60"],
        ["slow", "6.00", "5", "60", "!"],
        ["near", "9.00", "1.20", "1.3", "60"],
        ["far", "9.00", "4.00", "1.3", "60", "!"],
    ]


def test_a_command_that_ends_otherwise_is_no_measure(tmp_path: Path) -> None:
    write_repository(tmp_path, 1)
    with emulator(tmp_path / "live.db") as url, pytest.raises(BenchFailed, match="exited with 3, not 0:\nwhy"):
        measure((sys.executable, "-c", "print('why'); raise SystemExit(3)"), environment(url, "dev"), url, 0)


def test_a_fleet_and_a_trial_use_nothing_that_another_run_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECONCILER_NO_CACHE", "")
    program = "import os; raise SystemExit(os.environ['RECONCILER_NO_CACHE'] != '1')"
    assert min(cost((sys.executable, "-c", program), {})) > 0


def test_the_median_of_each_figure_counts() -> None:
    rounds = [Measure(3.0, 10, 3), Measure(1.0, 30, 3), Measure(2.0, 20, 3)]
    assert middle(rounds) == Measure(2.0, 20, 3)


def test_what_runs_for_several_counts_for_who_called_it() -> None:
    def at(*files: str) -> str:
        return share_of(iter([f"/somewhere/reconciler/{file}" for file in files]))

    assert at("documents/canonical.py", "planning/planner.py", "cli/commands/plan.py") == "compare"
    assert at("texts/exact_json.py", "flowservice/specs.py", "planning/planner.py") == "decode"
    assert at("texts/yaml.py", "desired/spec_file.py", "sessions/opening.py") == "parse"
    assert share_of(iter(["/lib/threading.py", "/somewhere/reconciler/http/caller.py"])) == "fetch"
    assert share_of(iter(["<frozen importlib._bootstrap>", "/somewhere/reconciler/planning/planner.py"])) == "start"
    assert share_of(iter([])) == "start"


def test_growth_is_the_exponent_from_one_size_to_the_next() -> None:
    scenario = Scenario(FLOOR, (), "dev", 0, FLOOR)
    sizes = {
        count: [Line(scenario, Measure(1, 1, 1, seconds), 1, 1)] for count, seconds in ((10, 1.0), (100, 10.0), (1_000, 1_000.0))
    }
    assert [line.split() for line in growth_lines(sizes)][1:] == [["floor", "1.00", "2.00"]]
    assert not list(growth_lines({10: []}))


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")
def test_the_memory_of_a_process_counts_what_it_started() -> None:
    held = "held = bytearray(60_000_000)"
    program = f"import subprocess, sys; {held}; subprocess.run([sys.executable, '-c', '{held}; input()'])"
    command = (sys.executable, "-c", program)
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process, peak_of(process.pid) as peak:  # noqa: S603 - our own
        while peak.mebibytes < 120:
            peak.look(process.pid)
        process.communicate(b"\n")
    assert peak.mebibytes > 120


def test_two_commits_are_compared_in_pairs() -> None:
    pairs = [Pair(Measure(2, 50, 3, 1), Measure(1, 100, 3, 1)), Pair(Measure(4, 50, 3, 2), Measure(2, 50, 3, 1))]
    assert line(10, "quiet plan", pairs).split() == ["10", "quiet", "plan", "1.50", "0.50", "1.00", "0.75", "75", "1.50"]


def test_each_command_is_run_by_both_commits_or_the_comparison_ends(capsys: pytest.CaptureFixture[str]) -> None:
    with code_at("HEAD") as before:
        lines = list(compare_size(2, 1, before))
    names = [one.name for one in commands(Path("base"), Path("changed"))]
    assert [named for named in names if any(f" {named} " in said for said in lines)] == names
    with pytest.raises(SystemExit, match="error: fatal: not a valid object name: no-such-commit"):
        compare(["no-such-commit"])
    assert capsys.readouterr().out == ""
