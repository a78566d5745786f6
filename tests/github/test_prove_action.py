"""The step of the action `prove` that runs proofs: a signal reaches the proof once, and its clean-up is waited for."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.workplace import PATIENCE
from tests.github.runner.documents import load_action

ACTION: Final = Path(__file__).parents[2] / ".github" / "actions" / "prove"
PROOF: Final = """\
#!/bin/bash
# In the place of the command: waits to be stopped, then cleans up until it is let go.
echo "began $*" >> "$LOG"
finish() {
  echo "told $*" >> "$LOG"
  trap 'echo again >> "$LOG"' TERM INT
  until [ -e "$LOG.go" ]; do sleep 0.02; done
  echo cleaned >> "$LOG"
  exit 143
}
trap finish TERM
trap 'echo interrupted >> "$LOG"' INT
touch "$LOG.ready"
for _ in $(seq 6000); do sleep 0.1; done
"""
DONE: Final = '#!/bin/bash\necho "began $*" >> "$LOG"\nexit "${CODE:-0}"\n'


class Step:
    """The step, with another command in the place of `reconciler`."""

    def __init__(self, folder: Path, command: str) -> None:
        self.folder, self.log = folder, folder / "log"
        for name in ("bin", "temp"):
            (folder / name).mkdir()
        (folder / "bin/reconciler").write_text(command)
        (folder / "bin/reconciler").chmod(0o755)
        action = load_action(ACTION)
        assert action is not None
        script = next(step["run"] for step in action["runs"]["steps"] if step.get("id") == "prove")
        (folder / "step.sh").write_text(script)

    def start(self, keys: str, **environ: str) -> subprocess.Popen[bytes]:
        env = {"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}", "LOG": str(self.log), "FLAGS": "", "SPECS": "specs"}
        files = {"GITHUB_OUTPUT": str(self.folder / "output"), "RUNNER_TEMP": str(self.folder / "temp")}
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(self.folder / "step.sh")]
        return subprocess.Popen(command, env=env | files | {"TARGET": "stage", "KEYS": keys} | environ)  # noqa: S603

    def wait_for(self, happened: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < end
            time.sleep(0.01)

    @property
    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in (self.folder / "output").read_text().splitlines())


@pytest.mark.parametrize("signals", [[signal.SIGINT], [signal.SIGINT, signal.SIGTERM], [signal.SIGTERM]], ids=str)
def test_a_canceled_run_tells_the_proof_once_and_waits_for_its_clean_up(tmp_path: Path, signals: list[signal.Signals]) -> None:
    step = Step(tmp_path, PROOF)
    with step.start("members orders") as process:
        step.wait_for(lambda: step.log.with_suffix(".ready").exists())
        for number in signals:
            process.send_signal(number)
            step.wait_for(lambda: "told" in step.log.read_text())
        step.log.with_suffix(".go").touch()
        assert process.wait(PATIENCE) == 0
    began, told, cleaned = step.log.read_text().splitlines()
    assert (began.split()[:6], told.split()[0], cleaned) == (
        ["began", "--specs", "specs", "--target", "stage", "prove"],
        "told",
        "cleaned",
    )
    assert step.outputs == {"records": str(tmp_path / "temp/reconciler-prove-stage"), "exit-code": "143"}


def test_every_source_is_proved_and_the_worst_exit_code_counts(tmp_path: Path) -> None:
    step = Step(tmp_path, DONE)
    with step.start("members orders", CODE="4", FLAGS="--wait 30m") as process:
        assert process.wait(PATIENCE) == 0
    lines = step.log.read_text().splitlines()
    assert [line.split()[6] for line in lines] == ["members", "orders"]
    assert all("--yes --keep --wait 30m --report" in line for line in lines)
    assert step.outputs["exit-code"] == "4"
