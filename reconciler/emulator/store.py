"""The emulator's storage: one SQLite file in WAL mode, or memory.

One connection under one lock serves every thread of the process. Other processes may open the same file: each write is one immediate
transaction, which waits for theirs. Committed data survives a kill of the process.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

import msgspec

from reconciler.emulator import managed
from reconciler.emulator.database import open_database
from reconciler.emulator.model import Author, LoggedRequest, Place, Row
from reconciler.emulator.stock import stock_specs

SEEDER = Author("seed@techacct.adobe.com", "seed")


class Store:
    """Objects by kind and location, tokens, and the request log.

    `clock` returns epoch seconds and `new_id` the ids of new objects. The parent folders of the file are created. Raises `UsageError` if
    the file cannot be opened or is not such a database.
    """

    def __init__(
        self,
        path: Path | Literal[":memory:"],
        *,
        clock: Callable[[], float] = time.time,
        new_id: Callable[[], UUID] = uuid4,
    ) -> None:
        self.clock = clock
        self.skew: Callable[[], float] = lambda: 0.0
        self.new_id = new_id
        self._lock = threading.RLock()
        self._open_places: set[Place] = set()
        self._db = open_database(path)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # Objects

    def insert(self, kind: str, place: Place, body: Mapping[str, Any], author: Author, object_id: str | None = None) -> Row:
        """Store a new object, under a new id unless it has one of another form."""
        with self._writing() as db:
            self._furnish(db, place)
            kept = managed.created(body, object_id or str(self.new_id()), place, author, self.now())
            return _insert(db, kind, place, kept, self.clock())

    def replace(self, kind: str, place: Place, object_id: str, change: Callable[[Row], Mapping[str, Any]]) -> Row | None:
        """Replace an object with the result of `change`, in one transaction; None if it does not exist.

        If `change` raises, the object is unchanged.
        """
        with self._writing() as db:
            self._furnish(db, place)
            row = _find(db, kind, place, object_id)
            if row is None:
                return None
            body = msgspec.json.encode(change(row))
            db.execute("INSERT OR REPLACE INTO past VALUES (?, ?, ?, ?)", (row.seq, row.revision, self.clock(), row.body))
            db.execute("UPDATE objects SET body = ?, revision = revision + 1 WHERE seq = ?", (body, row.seq))
            return Row(row.seq, row.id, body, row.revision + 1, row.born)

    def delete(self, kind: str, place: Place, object_id: str) -> bool:
        with self._writing() as db:
            condition = (kind, place.org, place.sandbox, object_id)
            gone = db.execute("DELETE FROM objects WHERE kind = ? AND org = ? AND sandbox = ? AND id = ?", condition)
            return gone.rowcount > 0

    def find(self, kind: str, place: Place, object_id: str) -> Row | None:
        self._open_place(place)
        with self._lock:
            return _find(self._db, kind, place, object_id)

    def rows(self, kind: str, place: Place, *, after: int = 0, born_until: float | None = None) -> list[Row]:
        """The objects of one kind in creation order, after `after` (a row's `seq`).

        With `born_until`, only those created by then (epoch seconds); stock and seeded objects are always included.
        """
        self._open_place(place)
        with self._lock:
            found = self._db.execute(
                "SELECT seq, id, body, revision, born FROM objects"
                " WHERE kind = ? AND org = ? AND sandbox = ? AND seq > ? AND born <= ? ORDER BY seq",
                (kind, place.org, place.sandbox, after, float("inf") if born_until is None else born_until),
            )
            return [Row(*row) for row in found]

    def everywhere(self, kind: str) -> list[tuple[Place, Row]]:
        """The objects of one kind in all sandboxes, in creation order."""
        query = "SELECT org, sandbox, seq, id, body, revision, born FROM objects WHERE kind = ? ORDER BY seq"
        with self._lock:
            return [(Place(org, sandbox), Row(*row)) for org, sandbox, *row in self._db.execute(query, (kind,))]

    def as_of(self, row: Row, moment: float) -> Row | None:
        """An object as of a time (epoch seconds); None if it did not exist."""
        if row.born > moment:
            return None
        return self._past(row, "until > ?", moment) or row

    def before_last_write(self, row: Row) -> Row | None:
        """An object before its last write; None if that write created it."""
        return self._past(row, "revision >= ?", row.revision - 1)

    def at_revision(self, row: Row, revision: int) -> Row | None:
        """An object as it was with this revision; None if it never had it."""
        return (self._past(row, "revision >= ?", revision) or row) if 1 <= revision <= row.revision else None

    def first(self, row: Row) -> Row:
        """An object as created."""
        return self._past(row, "revision >= ?", 1) or row

    def written_at(self) -> dict[int, float]:
        """The time of each object's last write by `seq` (epoch seconds)."""
        query = "SELECT seq, COALESCE(MAX(until), born) FROM objects LEFT JOIN past ON object = seq GROUP BY seq"
        with self._lock:
            return dict(self._db.execute(query).fetchall())

    def last_write(self) -> float:
        """The time of the last write in epoch seconds; 0 for a store without one."""
        query = "SELECT MAX(COALESCE((SELECT MAX(born) FROM objects), 0), COALESCE((SELECT MAX(until) FROM past), 0))"
        with self._lock:
            return float(self._db.execute(query).fetchone()[0])

    def _past(self, row: Row, condition: str, value: float) -> Row | None:
        """The first past state of an object that matches the condition."""
        query = f"SELECT revision, body FROM past WHERE object = ? AND {condition} ORDER BY revision LIMIT 1"  # noqa: S608 - a constant
        with self._lock:
            found = self._db.execute(query, (row.seq, value)).fetchone()
        return Row(row.seq, row.id, found[1], found[0], row.born) if found else None

    def whereabouts(self, object_id: str) -> list[tuple[str, Place]]:
        """Kind and location of every object with this id. Stock specs exist in each sandbox that was used."""
        with self._lock:
            found = self._db.execute("SELECT kind, org, sandbox FROM objects WHERE id = ? ORDER BY seq", (object_id,))
            return [(kind, Place(org, sandbox)) for kind, org, sandbox in found]

    def seed(self, kind: str, bodies: Iterable[Mapping[str, Any]], org: str, sandbox: str) -> list[str]:
        """Insert many objects in one transaction as initial content; returns their ids in order.

        A body with an `id` keeps it.
        """
        place = Place(org, sandbox)
        with self._writing() as db:
            self._furnish(db, place)
            seeded = (managed.created(body, str(body.get("id") or self.new_id()), place, SEEDER, self.now()) for body in bodies)
            return [_insert(db, kind, place, body, 0).id for body in seeded]

    def now(self) -> int:
        """Epoch milliseconds as the service writes them; its clock may be off by `skew` seconds."""
        return int((self.clock() + self.skew()) * 1000)

    # Tokens

    def remember_token(self, token: str, author: Author, ends: float) -> None:
        """Store a token until `ends` (epoch seconds), and delete expired ones."""
        with self._writing() as db:
            db.execute("DELETE FROM tokens WHERE ends <= ?", (self.clock(),))
            db.execute("INSERT INTO tokens VALUES (?, ?, ?, ?)", (token, author.account, author.client, ends))

    def token_author(self, token: str) -> Author | None:
        """The author that a token was issued to; None if it is unknown or expired."""
        with self._lock:
            query = "SELECT account, client FROM tokens WHERE token = ? AND ends > ?"
            row = self._db.execute(query, (token, self.clock())).fetchone()
        return Author(*row) if row else None

    def forget_tokens(self) -> None:
        """Revoke all tokens."""
        with self._writing() as db:
            db.execute("DELETE FROM tokens")

    # The log

    def log(self, entry: LoggedRequest) -> None:
        insert = "INSERT INTO requests (method, path, query, status, request_id, client, at) VALUES (?, ?, ?, ?, ?, ?, ?)"
        with self._writing() as db:
            db.execute(insert, astuple(entry))

    def requests(self) -> list[LoggedRequest]:
        """Every request since the log was cleared, in response order, token requests included."""
        with self._lock:
            query = "SELECT method, path, query, status, request_id, client, at FROM requests ORDER BY seq"
            return [LoggedRequest(*row) for row in self._db.execute(query)]

    def clear_requests(self) -> None:
        with self._writing() as db:
            db.execute("DELETE FROM requests")

    # Transactions

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk may have ended it
                    self._db.execute("ROLLBACK")
                raise

    def _open_place(self, place: Place) -> None:
        if place in self._open_places:
            return
        with self._writing() as db:
            self._furnish(db, place)
        self._open_places.add(place)

    def _furnish(self, db: sqlite3.Connection, place: Place) -> None:
        """Copy the stock specs into a sandbox on its first use, so that a PUT in one does not affect another."""
        if place in self._open_places:
            return
        first = db.execute("INSERT OR IGNORE INTO places VALUES (?, ?)", (place.org, place.sandbox))
        if first.rowcount == 0:
            return
        for kind, body in stock_specs():
            _insert(db, kind, place, managed.at_home(body, place), 0)


def _insert(db: sqlite3.Connection, kind: str, place: Place, body: Mapping[str, Any], born: float) -> Row:
    object_id, encoded = str(body["id"]), msgspec.json.encode(body)
    values = (kind, place.org, place.sandbox, object_id, born, encoded)
    added = db.execute("INSERT INTO objects (kind, org, sandbox, id, born, revision, body) VALUES (?, ?, ?, ?, ?, 1, ?)", values)
    return Row(int(added.lastrowid or 0), object_id, encoded, 1, born)


def _find(db: sqlite3.Connection, kind: str, place: Place, object_id: str) -> Row | None:
    found = db.execute(
        "SELECT seq, id, body, revision, born FROM objects WHERE kind = ? AND org = ? AND sandbox = ? AND id = ?",
        (kind, place.org, place.sandbox, object_id),
    ).fetchone()
    return Row(*found) if found else None
