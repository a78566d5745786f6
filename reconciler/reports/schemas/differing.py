"""The report of what separates targets."""

from __future__ import annotations

from typing import Final

from reconciler.reports.schemas.nodes import number, one_of, parts, record, texts
from reconciler.reports.schemas.parts import KEY, KIND, LINE, NAME
from reconciler.revisions.targets.values import LayerKind, VariableOf
from reconciler.schemas.nodes import Properties, anything, flag, or_null, text

_VARIABLE: Final = record(
    "A variable that the value is, or contains.",
    {
        "name": NAME,
        "of": one_of("What defines it: the target, its fleet, or an entry of `except` in its fleet.", VariableOf),
        "owner": text("The target or the fleet."),
        "sandbox": or_null(text("The sandbox of the entry in `except`; null for the others.")),
        "file": text("The path of reconciler.yaml."),
        "line": LINE,
    },
)
_LAYER: Final = record(
    "A layer of the spec file.",
    {
        "layer": one_of("The spec itself, or whose overlay it is.", LayerKind),
        "name": or_null(text("The group, fleet or target; null for the spec itself.")),
        "line": LINE,
        "variables": {"description": "What the layer takes from variables.", "type": "array", "items": _VARIABLE},
    },
)
_VALUE: Final = record(
    "One value.",
    {
        "targets": texts("The targets that have it, from the same layers."),
        "present": flag("Whether there is a value; if not, `value` is null."),
        "value": anything("The value. Secrets are withheld."),
        "layers": {
            "description": "The layers that it comes from, or that remove it, in the order in which they are applied. Several for "
            "a mapping that is merged from them; none if no layer writes it.",
            "type": "array",
            "items": _LAYER,
        },
    },
)
DIFF_TARGETS: Final[Properties] = {
    "targets": texts("The targets, in the order in which they were named, each fleet and group as its targets."),
    "specs": {
        "description": "Each spec that is not the same in all targets.",
        "type": "array",
        "items": record(
            "One spec.",
            {
                "kind": KIND,
                "key": KEY,
                "name": NAME,
                "file": text("The path of the file."),
                "targets": texts("The targets where it belongs."),
                "absent": texts("The targets that `only` leaves out."),
                "unknown": texts("The targets for which its file has an error, so that it was not compared there."),
                "only_line": or_null(number("The line of `only` in the file; null without one.")),
                "differences": {
                    "description": "Each place of the body where two of the targets differ.",
                    "type": "array",
                    "items": record(
                        "One place.",
                        {
                            "path": text("A JSON Pointer; an entry of a list whose entries have names is given by name."),
                            "values": {
                                "description": "Each value, with the targets that have it.",
                                "type": "array",
                                "items": _VALUE,
                            },
                        },
                    ),
                },
            },
        ),
    },
    "same": number("Specs that are the same in each of the targets."),
    "problems": parts("problem", "Problems of the files."),
}
"""The keys of diff --targets."""
