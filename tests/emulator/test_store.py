from __future__ import annotations

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from reconciler.emulator import Store, build
from reconciler.emulator.database import insist
from reconciler.emulator.model import Author, LoggedRequest, Place
from reconciler.errors import UsageError
from tests.emulator.world import S3, SPEC, World

DEV = Place("ACME@AdobeOrg", "dev")
ANN = Author("ann@acme.com", "postman")

WRITE_AND_DIE = """
import os, pathlib, signal, sys
from reconciler.emulator import Store, build
from reconciler.emulator.model import Author, LoggedRequest, Place
store = Store(pathlib.Path(sys.argv[1]))
store.insert("connectionSpecs", Place("ACME@AdobeOrg", "dev"), {"name": "survivor"}, Author("a", "c"))
os.kill(os.getpid(), signal.SIGKILL)
"""

WRITE_MANY = """
import pathlib, sys
from reconciler.emulator import Store, build
from reconciler.emulator.model import Author, LoggedRequest, Place
store = Store(pathlib.Path(sys.argv[1]))
for number in range(50):
    store.insert("connectionSpecs", Place("ACME@AdobeOrg", "dev"), {"name": str(number)}, Author("a", "c"))
store.close()
"""


def test_a_file_is_made_with_its_folders_and_read_again(tmp_path: Path, make_world: Callable[..., World]) -> None:
    file = tmp_path / "deep" / "down" / "local.db"
    make_world(db=file).create(name="kept")
    assert make_world(db=file).names("/connectionSpecs")[-1] == "kept"


def test_a_token_outlives_the_process_that_gave_it(tmp_path: Path) -> None:
    for store in (Store(tmp_path / "a.db"), Store(tmp_path / "a.db")):
        if store.token_author("t") is None:
            store.remember_token("t", ANN, 1e12)
        assert store.token_author("t") == ANN
        store.close()


def test_a_file_that_is_no_database_is_refused_with_a_way_out(tmp_path: Path) -> None:
    file = tmp_path / "notes.db"
    file.write_text("these are my notes, " * 100)
    with pytest.raises(UsageError, match=r"cannot open .*notes\.db: file is not a database") as caught:
        Store(file)
    assert caught.value.hint is not None


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"cannot open .*local\.db: (Not a directory|File exists|it is)"):
        Store(tmp_path / "file" / "local.db")


def test_a_file_that_cannot_be_made_is_refused_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> None:
        raise OSError(errno.EROFS, "Read-only file system", "local.db")

    monkeypatch.setattr("reconciler.emulator.database.create_new", refuse)
    with pytest.raises(UsageError, match=r"local\.db: Read-only file system$"):
        Store(tmp_path / "local.db")


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "a.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(UsageError, match="it has layout 99; this version supports 1"):
        Store(tmp_path / "a.db")


def test_many_specs_are_seeded_at_once_after_the_stock(world: World) -> None:
    bodies = ({**SPEC, "name": f"n{number}"} for number in range(1000))
    ids = world.emulator.store.seed("connectionSpecs", bodies, "ACME@AdobeOrg", "dev")
    listed = [item["id"] for item in world.items("/connectionSpecs")]
    assert len(set(ids)) == 1000
    assert listed[-1000:] == ids
    assert len(listed) == 1005


def test_a_seeded_body_keeps_its_id_and_does_not_lag(make_world: Callable[..., World]) -> None:
    world = make_world(list_lag=5)
    spec_id = "9a1d2b54-0000-4000-8000-000000000000"
    assert world.emulator.store.seed("flowSpecs", [{**SPEC, "id": spec_id}], "ACME@AdobeOrg", "dev") == [spec_id]
    assert world.items("/flowSpecs")[-1]["id"] == spec_id


def test_a_change_that_fails_leaves_the_object_as_it_was(world: World) -> None:
    store = world.emulator.store
    before = store.find("connectionSpecs", DEV, S3)

    def fail(_row: object) -> dict[str, str]:
        raise RuntimeError("not this time")

    with pytest.raises(RuntimeError, match="not this time"):
        store.replace("connectionSpecs", DEV, S3, fail)
    assert store.find("connectionSpecs", DEV, S3) == before


def test_simultaneous_puts_all_happen_and_the_last_one_stays(tmp_path: Path, make_world: Callable[..., World]) -> None:
    world = make_world(db=tmp_path / "local.db", etags=True)
    spec_id = world.create()

    def put(number: int) -> int:
        return world.client.put(f"/connectionSpecs/{spec_id}", json={**SPEC, "version": str(number)}).status_code

    with ThreadPoolExecutor(8) as workers:
        assert set(workers.map(put, range(200))) == {200}
    assert world.read(f"/connectionSpecs/{spec_id}")["etag"].endswith(f"{201:012x}" + '"')


def test_processes_that_open_and_write_one_new_file_at_once_lose_nothing(tmp_path: Path) -> None:
    file = tmp_path / "local.db"
    command = [sys.executable, "-c", WRITE_MANY, str(file)]
    writers = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(4)]  # noqa: S603  our own script
    assert [(writer.communicate()[1], writer.returncode) for writer in writers] == [(b"", 0)] * 4
    store = Store(file)
    assert len(store.rows("connectionSpecs", DEV)) == 5 + 4 * 50
    store.close()


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_a_committed_write_survives_a_kill(tmp_path: Path) -> None:
    file = tmp_path / "local.db"
    ended = subprocess.run([sys.executable, "-c", WRITE_AND_DIE, str(file)], check=False)  # noqa: S603  our own script
    assert ended.returncode == -signal.SIGKILL
    store = Store(file)
    assert b'"survivor"' in store.rows("connectionSpecs", DEV)[-1].body
    store.close()


class Locked:
    """An action that finds the file locked a number of times."""

    def __init__(self, times: int) -> None:
        self.left = times

    def __call__(self) -> None:
        if self.left:
            self.left -= 1
            raise sqlite3.OperationalError("database is locked")


def test_a_file_that_others_are_opening_is_tried_again() -> None:
    pauses: list[float] = []
    insist(Locked(3), pauses.append)
    assert len(pauses) == 3


def test_a_file_that_stays_locked_is_given_up() -> None:
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        insist(Locked(10**6), lambda _seconds: None)


def test_a_new_file_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    before = os.umask(0)
    try:
        with build(file) as box:
            box.store.log(LoggedRequest("GET", "/", "", 200, "1", "", 0.0))
            modes = {each.name: each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert modes == dict.fromkeys(modes, 0o600)
    assert "new.db-wal" in modes
