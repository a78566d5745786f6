"""The gate `proved`."""

from __future__ import annotations

from reconciler.desired.specs import DesiredSpec
from reconciler.planning.gate import GateName
from reconciler.planning.gating.judging import Gating
from tests.planning.gating.targets import MEMBERS, PRODS, UPSTREAMS


def test_a_spec_waits_for_the_proof_of_its_content() -> None:
    asked = []

    def proof(desired: DesiredSpec, target: str) -> str | None:
        asked.append((desired.key, target))
        return None if target == "stage" else f"no proof in {target} is kept"

    made = PRODS["update"](Gating((UPSTREAMS["in sync"],), proved=("stage", "eu"), proof=proof))
    (wait,) = made.gates[MEMBERS].waits
    assert (wait.gate, wait.on, wait.message) == (GateName.PROVED, "eu", "no proof in eu is kept")
    assert asked == [("members", "stage"), ("members", "eu")]


def test_proofs_that_were_not_looked_up_are_none() -> None:
    assert PRODS["update"](Gating((UPSTREAMS["in sync"],), proved=("stage",))).actions == ()
