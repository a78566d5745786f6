"""The Dockerfile and what uses the image, without a container engine: what is built from what, as whom, and what its examples run."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from reconciler.emulator import build
from reconciler.emulator.http.server import serving
from tests.e2e.workplace import Workplace
from tests.image.steps import PROJECT, Scratch, context, stages

CRONJOB = PROJECT / "docs" / "kubernetes-cronjob.yaml"
SECRET = re.compile(r"secret|token|password|client_id", re.IGNORECASE)


def pod() -> dict[str, Any]:
    document = YAML(typ="safe", pure=True).load(CRONJOB.read_text())
    assert (document["apiVersion"], document["kind"]) == ("batch/v1", "CronJob")
    assert document["spec"]["jobTemplate"]["spec"]["backoffLimit"] == 0
    found: dict[str, Any] = document["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return found


def test_the_dockerfile_has_no_finding_of_hadolint() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("hadolint is not built for this system")
    ran = subprocess.run([hadolint, str(PROJECT / "Dockerfile")], capture_output=True, text=True, check=False)  # noqa: S603
    assert (ran.returncode, ran.stdout) == (0, "")


def test_all_stages_have_the_same_base_which_can_be_pinned_from_outside() -> None:
    assert [stage.base.split(" AS ")[0] for stage in stages()] == ["${BASE}", "${BASE}"]


def test_it_runs_the_command_as_a_user_without_privileges() -> None:
    last = stages()[-1]
    assert (last.all("USER")[-1], last.entrypoint) == ("65532:65532", ["reconciler"])
    names = [instruction.name for instruction in last.instructions]
    assert "RUN" not in names[names.index("USER") :]


def test_home_and_caches_are_in_the_temporary_folder() -> None:
    env = stages()[-1].env
    assert (env["HOME"], env["UV_CACHE_DIR"], env["PYTHONDONTWRITEBYTECODE"]) == ("/tmp", "/tmp/uv", "1")  # noqa: S108


def test_what_is_built_from_exists_and_nothing_else_gets_into_the_build() -> None:
    named = [name for name in context() if not name.startswith("**")]
    assert [name for name in named if not (PROJECT / name).exists()] == []
    assert not {"specs", ".git", ".reconciler", "tests", ".github"} & set(named)
    copied = [word for stage in stages() for line in stage.all("COPY") if "--from" not in line for word in line.split()[:-1]]
    assert {name for name in copied if name != "."} <= set(named)


def test_no_layer_holds_a_secret() -> None:
    lines = [line for stage in stages() for name in ("ARG", "ENV", "LABEL") for line in stage.all(name)]
    assert [line for line in lines if SECRET.search(line)] == []
    assert [stage.all("ADD") for stage in stages()] == [[], []]


def test_every_package_of_python_is_installed_from_a_lock_with_hashes_or_from_the_wheel() -> None:
    installs = [
        part
        for stage in stages()
        for line in stage.all("RUN")
        for part in line.split("&&")
        if re.search(r"pip\S* .*\binstall\b", part)
    ]
    assert len(installs) == 4
    for part in installs:
        assert "--require-hashes -r requirements-" in part or "--no-deps --no-compile --no-index /opt/wheel/" in part


def test_the_lock_of_the_image_is_the_lock_of_the_command_and_uv() -> None:
    ours, image = ((PROJECT / name).read_text() for name in ("requirements.lock", "requirements-image.lock"))
    pins = [set(re.findall(r"^(\S+==\S+)", text, re.MULTILINE)) for text in (ours, image)]
    assert pins[0] <= pins[1]
    assert {pin.split("==")[0] for pin in pins[1] - pins[0]} == {"uv"}


def test_every_step_is_what_the_shell_can_read() -> None:
    for line in (line for stage in stages() for line in stage.all("RUN")):
        ran = subprocess.run(["sh", "-n", "-c", line], capture_output=True, text=True, check=False)  # noqa: S603, S607
        assert (ran.returncode, ran.stderr) == (0, "")


def test_the_cronjob_has_no_privileges_and_writes_to_its_volumes_only() -> None:
    spec = pod()
    assert (spec["restartPolicy"], spec["securityContext"]["runAsNonRoot"]) == ("Never", True)
    assert spec["automountServiceAccountToken"] is False
    volumes = {volume["name"] for volume in spec["volumes"]}
    for container in (*spec["initContainers"], *spec["containers"]):
        locked = container["securityContext"]
        assert (locked["readOnlyRootFilesystem"], locked["allowPrivilegeEscalation"]) == (True, False)
        assert locked["capabilities"] == {"drop": ["ALL"]}
        assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/work", "/tmp"}  # noqa: S108
        assert {mount["name"] for mount in container["volumeMounts"]} <= volumes


def test_the_cronjob_finds_drift_in_a_fresh_clone(tmp_path: Path) -> None:
    spec = pod()
    (clone,), (drift,) = spec["initContainers"], spec["containers"]
    with build(":memory:") as emulator, serving(emulator.app) as url:
        work = Workplace(tmp_path / "team", url, emulator)
        work.source("members")
        work.commit()
        work.apply()
        (tmp_path / "pod").mkdir()
        place = Scratch(tmp_path / "pod").place
        words = [place(word).replace("$(REPOSITORY)", str(work.folder)) for word in clone["command"]]
        (tmp_path / "pod" / "work").mkdir()
        subprocess.run(words, check=True)  # noqa: S603 - the command under test
        there = Workplace(Path(place(drift["workingDir"])), url, emulator)
        there.git("checkout", "-q", "--", ".")
        words = [*drift["args"]]
        assert there.run(*words).code == 0
        work.edit("members", sourceSpec={"attributes": {"x": 9}})
        assert there.run(*words).code == 2


def test_every_example_names_the_same_image() -> None:
    pages = [CRONJOB, PROJECT / "docs" / "image.md"]
    found = {name for page in pages for name in re.findall(r"registry\.example\.com/\S+?:[\w.]+", page.read_text())}
    assert found == {"registry.example.com/acme/reconciler:1.0.0"}
