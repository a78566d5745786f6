"""The calls of a proof as a reader repeats them: with placeholders where a proof has ids, and no value of anyone's account."""

from __future__ import annotations

from typing import Final

from reconciler.documents.json_text import Document, Json
from reconciler.proofs.values import Mapped
from reconciler.sdk.sources import BATCH, SOURCE_TYPES
from reconciler.submission.documentation.markup import block, pretty
from reconciler.submission.documentation.parts import API_HOST
from reconciler.submission.documentation.subject import Parameter, Subject

TARGET_SPEC: Final = "c604ff05-7f1a-43c0-8e18-33bf874cb11c"
"""The connection spec of the data lake, the same everywhere."""
_HEADERS: Final = (
    "Authorization: Bearer {ACCESS_TOKEN}",
    "x-api-key: {API_KEY}",
    "x-gw-ims-org-id: {ORG_ID}",
    "x-sandbox-name: {SANDBOX_NAME}",
)
_START: Final = "{START_TIME}"
"""A number, so it is shown without quotes."""
_SCHEMA: Final = "https://ns.adobe.com/{TENANT_ID}.schemas.{SCHEMA_ID}"


def curl(method: str, path: str, body: Json = None) -> str:
    """A request to the platform, as a block of code."""
    lines = [f"curl -X {method} \\", f"  '{API_HOST}{path}' \\"]
    headers = [*_HEADERS, *(["Content-Type: application/json"] if body is not None else [])]
    lines += [f"  -H '{header}' \\" for header in headers]
    if body is None:
        lines[-1] = lines[-1].removesuffix(" \\")
    else:
        written = pretty(body).replace(f'"{_START}"', _START).replace("'", "'\\''")
        lines.append(f"  -d '{written}'")
    return block("shell", "\n".join(lines))


def answer(body: Json) -> str:
    """An answer, as a block of code."""
    return block("json", pretty(body))


def made(name: str) -> str:
    """The answer to a POST that makes a resource."""
    return answer({"id": f"{{{name}}}", "etag": '"{ETAG}"'})


def samples(parameters: tuple[Parameter, ...]) -> Document:
    """The values of these parameters in examples."""
    return {item.name: item.sample for item in parameters}


def base_connection(subject: Subject) -> Document:
    """The body of POST /connections, with the first entry of `authSpec`."""
    entry = next(iter(subject.auth), None)
    body: Document = {
        "name": f"{subject.plain_label} base connection",
        "description": f"Base connection to {subject.plain_label}",
        "connectionSpec": {"id": "{CONNECTION_SPEC_ID}", "version": "1.0"},
    }
    return body | ({"auth": {"specName": entry.name, "params": samples(entry.parameters)}} if entry else {})


def source_connection(subject: Subject) -> Document:
    """The body of POST /sourceConnections; a streaming source has no base connection."""
    body: Document = {"name": f"{subject.plain_label} source connection"}
    if not subject.material.is_streaming:
        body["baseConnectionId"] = "{BASE_CONNECTION_ID}"
    body["connectionSpec"] = {"id": "{CONNECTION_SPEC_ID}", "version": "1.0"}
    if subject.material.is_streaming:
        return body
    return body | {"data": {"format": "json"}, "params": samples(subject.parameters)}


def schema(subject: Subject) -> Document:
    """The body of the POST that makes an XDM schema."""
    return {
        "title": f"{subject.plain_label} schema",
        "type": "object",
        "description": f"Records of {subject.plain_label}",
        "allOf": [
            {"$ref": "https://ns.adobe.com/xdm/context/profile"},
            {"$ref": "https://ns.adobe.com/{TENANT_ID}.mixins.{FIELD_GROUP_ID}"},
        ],
    }


def dataset(subject: Subject) -> Document:
    """The body of POST /dataSets."""
    return {
        "name": f"{subject.plain_label} dataset",
        "schemaRef": {"id": _SCHEMA, "contentType": "application/vnd.adobe.xed+json;version=1"},
    }


def target_connection(subject: Subject) -> Document:
    """The body of POST /targetConnections."""
    return {
        "name": f"{subject.plain_label} target connection",
        "connectionSpec": {"id": TARGET_SPEC, "version": "1.0"},
        "data": {
            "format": "parquet_xdm",
            "schema": {"id": _SCHEMA, "version": "application/vnd.adobe.xed-full+json;version=1"},
        },
        "params": {"dataSetId": "{DATASET_ID}"},
    }


def mapping_set(subject: Subject, mappings: tuple[Mapped, ...]) -> Document:
    """The body of POST /mappingSets."""
    return {
        "name": f"{subject.plain_label} mapping",
        "outputSchema": {"schemaRef": {"id": _SCHEMA, "contentType": "application/vnd.adobe.xed-full+json;version=1"}},
        "mappings": [{"sourceType": "ATTRIBUTE", "source": item.source, "destination": item.destination} for item in mappings],
    }


def mappings_of(subject: Subject) -> tuple[Mapped, ...]:
    """The mapping of proof.yaml; else that of a proof: each field of the records to the field of its name."""
    given = subject.material.proof.target.mapping
    if isinstance(given, tuple):
        return given
    fields = [name for name, _ in subject.material.record_fields] if given == "auto" else []
    return tuple(Mapped(field, f"_{{TENANT_ID}}.{field}") for field in fields)


def flow(subject: Subject) -> Document:
    """The body of POST /flows."""
    source = SOURCE_TYPES.get(subject.material.spec.spec_type or BATCH, SOURCE_TYPES[BATCH])
    body: Document = {
        "name": f"{subject.plain_label} dataflow",
        "description": f"Ingests the records of {subject.plain_label}",
        "flowSpec": {"id": source.flow_specs[1], "version": "1.0"},
        "sourceConnectionIds": ["{SOURCE_CONNECTION_ID}"],
        "targetConnectionIds": ["{TARGET_CONNECTION_ID}"],
    }
    if mappings_of(subject):
        body["transformations"] = [{"name": "Mapping", "params": {"mappingId": "{MAPPING_ID}", "mappingVersion": 0}}]
    if not subject.material.is_streaming:
        body["scheduleParams"] = {"startTime": _START, "frequency": "minute", "interval": 15}
    return body
