"""The reports of prove."""

from __future__ import annotations

from typing import Final, get_args

from reconciler.documents.json_text import Document
from reconciler.proving.planned import Stays
from reconciler.proving.report import Outcome
from reconciler.reports.schemas.nodes import constant, number, one_of, part, parts, record, text_map, texts
from reconciler.reports.schemas.parts import COUNTED, KEY, NAME
from reconciler.schemas.nodes import Properties, anything, flag, listing, or_null, text

_TIME: Final = text("A time in ISO 8601, UTC.")
_OUTCOME: Final = one_of("How it ended. `unknown` is never as good as `proved`.", get_args(Outcome))
_INTERRUPTED: Final = flag("Whether a signal ended it early.")
_RESOURCE: Final = record(
    "A resource at Adobe.",
    {
        "type": text("Its type, such as `flow` or `dataset`."),
        "id": text("Its id; empty if it is not known."),
        "name": text("Its name."),
        "reason": text("Why it is still there."),
    },
)
_COUNTS: Final[Properties] = {
    "tried": COUNTED,
    "input": COUNTED,
    "output": COUNTED,
    "failed": COUNTED,
    "expected": or_null(text("What proof.yaml expects, in words; null if nothing.")),
}
_STEP: Final = record(
    "One step.",
    {
        "id": text("Its name, such as `connection`."),
        "outcome": _OUTCOME,
        "why": text("Why; empty if it proved what it should."),
        "ms": number("How long it took, in milliseconds."),
        "requests": listing(
            "The requests to Adobe.",
            record(
                "One request.",
                {
                    "method": text("The method."),
                    "path": text("The path."),
                    "status": or_null(number("The HTTP status; null without an answer.")),
                    "request_id": text("The id by which Adobe's support finds the request."),
                    "ms": number("How long it took, in milliseconds."),
                },
            ),
        ),
    },
)
_AUTHENTICATION: Final = record(
    "The tests of the authentication of events.",
    {
        "mechanism": text("`hmac`, `oauth` or `none`."),
        "cases": listing(
            "Each test.",
            record(
                "One test.",
                {
                    "case": text("Its name."),
                    "wanted": text("`accepted`, `refused` or `either`."),
                    "sent": flag("Whether it was sent."),
                    "status": or_null(number("The HTTP status; null without an answer.")),
                    "ingested": or_null({"description": "Whether the event was found in the dataset.", "type": "boolean"}),
                    "at": text("When it was sent; empty if it was not."),
                    "trace": text("The id by which Adobe's support finds the request."),
                    "said": text("What the answer said."),
                },
            ),
        ),
    },
)
PROVE: Final[Properties] = {
    "outcome": _OUTCOME,
    "target": part("target_seen"),
    "run": text("The name of this proof, such as `20261127T1012-7f3a`."),
    "repository": text("The `repository` of reconciler.yaml."),
    "commit": or_null(text("The commit of the spec files; null if it is not known.")),
    "spec": record(
        "The spec.",
        {
            "kind": text("Always `connectionSpec`."),
            "key": KEY,
            "id": text("The live id."),
            "name": NAME,
            "digests": text_map("The digests of authSpec, sourceSpec and exploreSpec."),
            "flow_spec": text("The name of the flow spec that it is attached to."),
        },
    ),
    "proof_digest": text("The digest of proof.yaml."),
    "started": _TIME,
    "ended": _TIME,
    "streaming": flag("Whether it is a streaming source."),
    "steps": listing("The steps, in order.", _STEP),
    "authentication": or_null(
        {"description": "Null unless the tests of a streaming source were due.", "anyOf": [_AUTHENTICATION]}
    ),
    "counts": record(
        "Records: what `try` read, what the run read, wrote and failed on.",
        {
            **_COUNTS,
            "pages": or_null(number("Pages of records that `try` read, without empty ones; null if not known.")),
            "by_window": listing(
                "The same by time range.",
                record(
                    "One time range.",
                    {
                        "start": or_null(text("Its beginning, in ISO 8601, UTC.")),
                        "end": or_null(text("Its end, in ISO 8601, UTC.")),
                        **_COUNTS,
                    },
                ),
            ),
        },
    ),
    "run_metrics": {
        "description": "The metrics of the run, as Adobe reports them.",
        "type": "object",
        "additionalProperties": True,
    },
    "ids": text_map("`flow`, `run`, `adf_run` and `batch`, as far as they are known."),
    "learnt": listing(
        "What the run showed about the service.",
        record(
            "One row of the evidence table.",
            {"key": text("The row."), "value": text("The value that explains what was seen."), "why": text("What was seen.")},
        ),
    ),
    "assumed": listing(
        "What the trial relied on.",
        record("One row of the evidence table.", {"key": text("The row."), "value": text("What was assumed.")}),
    ),
    "left": listing("What should have been deleted and was not.", _RESOURCE),
    "kept": listing("What stays on purpose.", _RESOURCE),
    "findings": parts("finding", "What was found."),
    "interrupted": _INTERRUPTED,
    "written": texts("The files that `--keep` wrote."),
}
DRY_RUN: Final[Properties] = {
    "proofs": listing(
        "What each proof would do.",
        record(
            "One proof.",
            {
                "key": KEY,
                "target": text("The name of the target."),
                "steps": texts("The steps, in order."),
                "calls": listing(
                    "The calls, in order.",
                    record(
                        "One call. `{…}` stands for ids that are not known yet, `${NAME}` for secrets.",
                        {
                            "step": text("The step."),
                            "method": text("The method."),
                            "service": text("The service, such as `flowservice`."),
                            "path": text("The path."),
                            "body": anything("The body; null if there is none."),
                            "makes": or_null(text("The type of resource that it makes; null for none.")),
                            "stays": or_null(one_of("What becomes of it at the end; null if it makes nothing.", get_args(Stays))),
                            "note": text("What else there is to know; often empty."),
                        },
                    ),
                ),
                "notes": texts("What the calls depend on that is not known before."),
            },
        ),
    )
}
CLEANUP: Final[Properties] = {
    "target": part("target_seen"),
    "keys": texts("The sources that were asked for; empty for all."),
    "runs": text("The name of a proof, or `all`."),
    "deleted": listing(
        "What was deleted.",
        record(
            "A resource.",
            {
                "type": text("Its type."),
                "id": text("Its id."),
                "name": text("Its name."),
                "outcome": one_of("`was_gone` had been deleted before.", ("gone", "was_gone")),
            },
        ),
    ),
    "left": listing("What is still there; in a dry run, what would be deleted.", _RESOURCE),
    "spared": listing("What is too young, and may belong to a running proof.", _RESOURCE),
    "warnings": texts("What could not be listed."),
    "interrupted": _INTERRUPTED,
    "dry_run": flag("Whether nothing was deleted."),
}


def prove_all_keys() -> dict[str, Document]:
    """The keys of several proofs."""
    named = {"report": constant("The name of the report.", "prove"), "format_version": constant("The version of its form.", 1)}
    not_begun = record(
        "A source whose proof was not begun.",
        {"key": KEY, "outcome": one_of("Why.", ("refused", "error")), "problems": parts("finding", "The reasons.")},
    )
    proofs = {"anyOf": [record("One proof.", {**named, **PROVE}), not_begun]}
    return {
        "proofs": {"description": "One for each source: its proof, or why there is none.", "type": "array", "items": proofs},
        "interrupted": _INTERRUPTED,
    }
