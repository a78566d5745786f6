"""The emulator's SQLite file: opened safely, with its tables."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal

from reconciler.disk import Unfit, check_in_place, create_new
from reconciler.errors import UsageError

_LAYOUT = 1
_BUSY_SECONDS = 60.0
_SIBLINGS = ("-wal", "-shm", "-journal")
"""Suffixes of the files that SQLite creates next to a database."""
_TRIES = 200
_PAUSE_SECONDS = 0.02
_SCHEMA = """
CREATE TABLE IF NOT EXISTS places (org TEXT, sandbox TEXT, PRIMARY KEY (org, sandbox)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, org TEXT NOT NULL, sandbox TEXT NOT NULL, id TEXT NOT NULL,
  born REAL NOT NULL, revision INTEGER NOT NULL, body BLOB NOT NULL, UNIQUE (kind, org, sandbox, id));
CREATE TABLE IF NOT EXISTS past (
  object INTEGER, revision INTEGER, until REAL NOT NULL, body BLOB NOT NULL, PRIMARY KEY (object, revision)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS objects_by_id ON objects (id);
CREATE TABLE IF NOT EXISTS tokens (token TEXT PRIMARY KEY, account TEXT, client TEXT, ends REAL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS requests (
  seq INTEGER PRIMARY KEY, method TEXT, path TEXT, query TEXT, status INTEGER, request_id TEXT, client TEXT, at REAL);
"""


def open_database(path: Path | Literal[":memory:"]) -> sqlite3.Connection:
    """A connection to the file, which is created for its owner alone if it is missing, or to memory. Raises `UsageError`."""
    hint = "use a writable file, or remove the file to start with an empty service"
    try:
        if isinstance(path, Path):
            for name in ("", *_SIBLINGS):
                check_in_place(path.with_name(path.name + name))
            with suppress(FileExistsError):
                create_new(path).close()  # it has tokens and passwords, and SQLite would follow the umask
        db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _prepare(db)
        except BaseException:
            db.close()
            raise
    except (OSError, sqlite3.Error) as error:
        reason = (error.strerror or error) if isinstance(error, OSError) else error
        hint = error.hint if isinstance(error, Unfit) else hint
        raise UsageError(f"cannot open the emulator's database {path}: {reason}", hint=hint) from error
    return db


def _prepare(db: sqlite3.Connection) -> None:
    layout = db.execute("PRAGMA user_version").fetchone()[0]
    if layout not in (0, _LAYOUT):
        raise sqlite3.DatabaseError(f"it has layout {layout}; this version supports {_LAYOUT}")
    insist(lambda: db.execute("PRAGMA journal_mode = WAL"))
    db.execute("PRAGMA synchronous = NORMAL")  # a commit survives the process; only a power failure could lose it
    db.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {_LAYOUT}; COMMIT;")


def insist(attempt: Callable[[], object], sleep: Callable[[float], None] = time.sleep) -> None:
    """Retry an operation that SQLite fails at once while other processes open the same new file.

    Raises the last `sqlite3.OperationalError` if the file stays locked for four seconds.
    """
    for _ in range(_TRIES):
        try:
            attempt()
        except sqlite3.OperationalError:
            sleep(_PAUSE_SECONDS)
        else:
            return
    attempt()
