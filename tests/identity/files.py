"""The spec files of a repository, drawn, and changed as people change them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tests.identity.bodies import connection, edited, flow, scalar
from tests.identity.spelling import as_yaml, broken

_FLOW_SPECS: Final = ("RestStorageToAEP", "RestStorageToAEP", "own-flow-0", "nobody", "GenericStreamingAEP")
_LAYERS: Final = ("all-dev", "external", "all")


@dataclass(frozen=True, slots=True)
class File:
    """One file under `specs/`; a link if `link` is set."""

    path: str
    key: str
    data: bytes
    link: str | None = None


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A spec as its author has it in mind; `style` is the seed of how it is written, and `is_broken` whether it is spoilt then."""

    number: int
    key: str
    body: dict[str, Any]
    style: int
    kind: str = "ConnectionSpec"
    envelope: dict[str, Any] = field(default_factory=dict)
    is_artifact: bool = False
    is_broken: bool = False


class Files:
    """The files as they are now. `targets` are the names for `ids` and `overlays`."""

    def __init__(self, rng: random.Random, targets: tuple[str, ...], *, has_layers: bool) -> None:
        self._rng = rng
        self._names = (*targets, *(_LAYERS if has_layers else ()), *(("nobody",) if rng.random() < 0.05 else ()))
        self._targets = targets
        self._drawn = [self._new(number) for number in range(rng.choice((0, 1, 2, 3, 5, 8)))]
        self._next = len(self._drawn)
        if rng.random() < 0.4:
            self._drawn.append(self._flow())

    def drawn(self) -> list[File]:
        """Each spec as a file, with files that are none, or one too many."""
        return [self._written(one) for one in self._drawn] + self._odd()

    def change(self) -> None:
        """Edit, rename, remove, spoil or repair some, and add one."""
        rng = self._rng
        for index, one in enumerate(self._drawn):
            if rng.random() < 0.4:
                self._drawn[index] = self._changed(one)
        if self._drawn and rng.random() < 0.2:
            self._drawn.remove(rng.choice(self._drawn))
        if rng.random() < 0.4:
            self._drawn.append(self._new(self._next))
            self._next += 1

    def _changed(self, one: _Drawn) -> _Drawn:
        match self._rng.randrange(8):
            case 0:
                return replace(one, key=f"{one.key}-b", envelope={**one.envelope, "formerly": [one.key]}, is_artifact=False)
            case 1:
                return replace(one, is_broken=not one.is_broken and self._rng.random() < 0.5)
            case 2:
                return replace(one, style=self._rng.randrange(1_000))
            case 3:
                return replace(one, envelope=self._envelope())
            case _:
                return replace(one, body=edited(self._rng, one.body, self._rng.randint(1, 3)))

    def _new(self, number: int) -> _Drawn:
        rng = self._rng
        body = self._with_variables(connection(rng, rng.choice((number, number, number, 0))))
        style, envelope = rng.randrange(1_000), self._envelope()
        return _Drawn(
            number,
            f"source-{number}",
            body,
            style,
            envelope=envelope,
            is_artifact=rng.random() < 0.15,
            is_broken=rng.random() < 0.04,
        )

    def _flow(self) -> _Drawn:
        keys = [one.key for one in self._drawn] + (["nobody"] if self._rng.random() < 0.1 else [])
        return _Drawn(0, "own-flow-0", flow(self._rng, 0, keys), self._rng.randrange(1_000), kind="FlowSpec")

    def _with_variables(self, body: dict[str, Any]) -> dict[str, Any]:
        rng = self._rng
        if rng.random() < 0.25:
            body["description"] = rng.choice(
                ({"var": "host"}, {"literal": {"var": "host"}}, {"var": "unknown"} if rng.random() < 0.1 else "x")
            )
        if rng.random() < 0.15:
            body["extra"] = [{"a": {"var": "limit"}}, {"literal": {"a": 1}}]
        return body

    def _envelope(self) -> dict[str, Any]:
        rng = self._rng
        found: dict[str, Any] = {}
        if rng.random() < 0.2:
            found["flowSpecs"] = sorted({rng.choice(_FLOW_SPECS) for _ in range(rng.randint(0, 2))})
        if rng.random() < 0.15:
            found["adopt"] = rng.choice((True, False, "acme/other"))
        if rng.random() < 0.1:
            found["ignore"] = rng.sample(
                ("/description", "/sourceSpec/attributes/contentPath", "/extra", "/a~1b"), rng.randint(1, 2)
            )
        if rng.random() < 0.1:
            found["ids"] = {rng.choice(self._targets): f"00000000-0000-4000-8000-{rng.randrange(9):012d}"}
        if rng.random() < 0.3:
            found["overlays"] = {
                name: self._overlay() for name in rng.sample(self._names, rng.randint(1, min(2, len(self._names))))
            }
        if rng.random() < 0.1:
            found["only"] = rng.sample(self._names, rng.randint(1, len(self._names)))
        return found

    def _overlay(self) -> dict[str, Any]:
        rng = self._rng
        return rng.choice(
            (
                {"description": rng.choice(("for this one", None, {"var": "host"}))},
                {"sourceSpec": {"attributes": {"paginationParams": {"limitValue": rng.choice((100, "50", scalar(rng)))}}}},
                {"permissionsInfo": None},
                {"name": f"Other {rng.randrange(3)}"},
            )
        )

    def _written(self, one: _Drawn) -> File:
        style = random.Random(one.style)  # noqa: S311 - the same file is written in the same way again
        if one.is_artifact:
            path, text = f"sources/{one.key}-connectionSpec.json", json.dumps(one.body, indent=style.choice((None, 2)))
        else:
            path = f"sources/{one.key}/connection-spec.yaml" if one.kind == "ConnectionSpec" else f"flow-specs/{one.key}.yaml"
            text = as_yaml(style, {"kind": one.kind, "key": one.key, **one.envelope, "spec": one.body})
        return File(path, one.key, broken(style, text) if one.is_broken else text.encode("utf-8", "surrogatepass"))

    def _odd(self) -> list[File]:
        """Now and then: a key twice, a file that is no spec, one in the wrong place, a link."""
        rng, files = self._rng, self._drawn
        found = []
        if files and rng.random() < 0.06:
            found.append(replace(self._written(rng.choice(files)), path="sources/again/connection-spec.yaml"))
        if rng.random() < 0.05:
            found.append(File(rng.choice(("sources/other.json", "misplaced.yaml", "sources/.hidden.yaml")), "other", b"{}"))
        if rng.random() < 0.03:
            found.append(
                File("sources/linked.yaml", "linked", b"", link=rng.choice(("/etc/passwd", "../reconciler.yaml", "nowhere")))
            )
        if rng.random() < 0.03:
            found.append(
                File(
                    "sources/odd/connection-spec.yaml",
                    "odd",
                    rng.choice((b"", b"\xff\xfe", b"[1]", b"# nothing\n", b"a: " * 400)),
                )
            )
        return found
