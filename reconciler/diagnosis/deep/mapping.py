"""Which body of a mapping set the validation accepts: two are published. Nothing is kept, so a POST may still come to something else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.dataflows.drafting import DraftMaker
from reconciler.dataflows.items import uri_of
from reconciler.diagnosis.report import Check
from reconciler.documents.json_text import Json
from reconciler.errors import ServiceError

_ASKED: Final = "POST /mappingSets/validate with each published body"
_CONTENT_TYPE: Final = "application/vnd.adobe.xed-full+json;version=1"


def check_mapping_bodies(maker: DraftMaker) -> Check:
    """Which of the two the validation accepts, for the first schema of the sandbox."""
    try:
        schema = next(iter(maker.all("schema")), None)
    except ServiceError as error:
        return Check("deep-mapping-body", "unknown", error.message, error.hint, _ASKED, due=False)
    if schema is None:
        said = "the sandbox has no schema that a mapping could be validated against"
        return Check("deep-mapping-body", "unknown", said, asked=_ASKED, due=False)
    answers = {name: _answer(maker, body) for name, body in _bodies(uri_of(schema)).items()}
    said = f"validation only: {'; '.join(f'{name}: {answer}' for name, answer in answers.items())}"
    if not any(answer.startswith("accepted") for answer in answers.values()):
        hint = "report it to Adobe: `prove` needs a mapping set unless proof.yaml has mapping: none"
        return Check("deep-mapping-body", "warn", said, hint, _ASKED)
    return Check("deep-mapping-body", "ok", said, asked=_ASKED)


def _bodies(schema: str) -> Mapping[str, Mapping[str, Json]]:
    old: Mapping[str, Json] = {"destinationXdmPath": "_id", "sourceAttribute": "id", "identity": False, "version": 0}
    new: Mapping[str, Json] = {"sourceType": "ATTRIBUTE", "source": "id", "destination": "_id"}
    return {
        "xdmSchema and destinationXdmPath": {"version": 0, "xdmSchema": schema, "xdmVersion": "1.0", "mappings": [dict(old)]},
        "outputSchema and destination": {
            "outputSchema": {"schemaRef": {"id": schema, "contentType": _CONTENT_TYPE}},
            "mappings": [dict(new)],
        },
    }


def _answer(maker: DraftMaker, body: Mapping[str, Json]) -> str:
    try:
        found = maker.validate_mapping(body)
    except ServiceError as error:
        code = f" {error.server_code}" if error.server_code else ""
        return f"refused ({error.status or 'no answer'}{code})"
    return "accepted" if all(check.passed for check in found) else "accepted, but its mapping fails"
