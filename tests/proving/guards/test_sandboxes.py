"""A proof does not run in a production sandbox because a file lists it: a pull request can change the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.dataflows.reading import ProofReader
from reconciler.proving.guards.sandboxes import sandbox_refusals, sandbox_type, unknown_type
from reconciler.proving.options import ProveOptions
from reconciler.proving.subject import Subject
from tests.dataflows.wires import client
from tests.flowservice.simulated import Reply, Service, answer
from tests.proving.guards.test_hosts import subject


def in_sandbox(name: str, *, emulated: bool = False) -> Subject:
    of = subject()
    return replace(of, target=replace(of.target, sandbox=name, emulated=emulated))


def listing(*sandboxes: Any) -> Reply:
    return answer(200, {"sandboxes": list(sandboxes)})


def kind_of(of: Subject, *replies: Reply, **options: Any) -> str | None:
    return sandbox_type(client(ProofReader, Service(*replies)), of, ProveOptions(**options))


def test_a_sandbox_of_type_production_is_refused_whatever_its_name() -> None:
    of = in_sandbox("blue")
    kind = kind_of(of, listing({"name": "dev", "type": "development"}, {"name": "blue", "type": "PRODUCTION"}))
    (problem,) = sandbox_refusals(of, kind)
    assert (problem.code, problem.guard) == ("production-sandbox", True)
    assert problem.message == "blue is a production sandbox, and a proof writes records there"
    assert problem.hint == "prove in a development sandbox, or pass --allow-target dev"


def test_the_sandbox_prod_is_refused_without_a_question() -> None:
    of = in_sandbox("prod")
    assert list(sandbox_refusals(of, kind_of(of)))


def test_a_development_sandbox_is_fine() -> None:
    of = in_sandbox("blue")
    kind = kind_of(of, listing({"name": "blue", "type": "development"}))
    assert (list(sandbox_refusals(of, kind)), unknown_type(of, kind)) == ([], None)


def test_the_command_or_an_emulator_makes_it_fine() -> None:
    for of, options in ((in_sandbox("prod"), {"allow_target": "dev"}), (in_sandbox("prod", emulated=True), {})):
        kind = kind_of(of, **options)
        assert (list(sandbox_refusals(of, kind)), unknown_type(of, kind)) == ([], None)


@pytest.mark.parametrize(
    "reply",
    [
        answer(403, {"title": "no"}),
        answer(404, {"title": "no"}),
        listing(),
        listing({"name": "blue"}, "x", None, {"name": 5}),
        listing({"name": "blue", "type": ["production"]}),
        answer(200, []),
        answer(200, {"sandboxes": "x"}),
        answer(200, {}),
    ],
)
def test_a_type_that_is_not_known_is_said_before_anything_is_made(reply: Reply) -> None:
    of = in_sandbox("blue")
    kind = kind_of(of, reply)
    assert list(sandbox_refusals(of, kind)) == []
    assert unknown_type(of, kind) == "whether blue is a production sandbox is not known"
