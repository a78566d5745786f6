"""Resources from the items of lists and from GETs, and the id of one that was made."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Final

import msgspec

from reconciler.dataflows.lists import fields_of, items_of, objects_in
from reconciler.dataflows.places import PLACES, is_safe_id
from reconciler.dataflows.resources import Created, Resource, ResourceType
from reconciler.documents.json_text import Document, Json, NotJson, string_at
from reconciler.flowservice.answers import created_id, read_one
from reconciler.http.bodies import WrongShape
from reconciler.http.messages import Answer
from reconciler.texts.exact_json import decode_exact, readable

_DATASET: Final = "@/dataSets/"
TAG: Final = "reconciler"
"""The tag of a mapping set that has its description, which it has no other place for (docs: OpenAPI of Data Prep)."""


def resource_of(kind: ResourceType, item: msgspec.Raw) -> Resource:
    """The resource in an item of a list. Raises NotJson, and WrongShape if it has no usable id."""
    if PLACES[kind].form != "keyed":
        body = _object(bytes(item))
        return _built(kind, body.get(_id_name(kind)), body)
    fields = fields_of(item)
    return _built(kind, readable(fields["id"]), _object(fields["entry"]))


def resource_in(kind: ResourceType, answer: Answer, wanted: str) -> Resource:
    """The one resource in the answer to a GET by id. Raises NotJson, and WrongShape for another one."""
    etag = answer.headers.get("etag")
    if PLACES[kind].form == "keyed":
        return _built(kind, wanted, _entry(answer, wanted), etag)
    body = _object(bytes(answer.content) if _is_schema(kind) else read_one(answer))
    found = _built(kind, body.get(_id_name(kind)), body, etag)
    if found.id.casefold() != wanted.casefold():
        raise WrongShape("it is another resource")
    return found


def resource_or_none(kind: ResourceType, answer: Answer, wanted: str) -> Resource | None:
    """As `resource_in`; None for an answer with an empty list of items, which says the same as 404."""
    if PLACES[kind].form == "items":
        with contextlib.suppress(NotJson, WrongShape):
            fields = fields_of(bytes(answer.content))
            if "id" not in fields and "items" in fields and not items_of(fields["items"]):
                return None
    return resource_in(kind, answer, wanted)


def created_in(kind: ResourceType, answer: Answer) -> Created:
    """What a successful POST made. Raises NotJson, and WrongShape without an id."""
    made: Json
    uri: Json = None
    if PLACES[kind].form == "keyed":
        made = _made_dataset(answer)
    elif _is_schema(kind):
        body = _object(bytes(answer.content))
        made, uri = body.get("meta:altId"), body.get("$id")
        if not isinstance(uri, str):
            raise WrongShape("it has no $id")
    else:
        made = created_id(answer)
    if not isinstance(made, str) or not is_safe_id(made):
        raise WrongShape("it has no usable id")
    return Created(kind, made, uri or made, answer.status, answer.request_id, _etag_in(answer))


def uri_of(resource: Resource) -> str:
    """The `$id` of a schema or field group, else the id."""
    return string_at(resource.body, "$id") or resource.id


def described(kind: ResourceType, body: Mapping[str, Json]) -> str:
    """The description of a resource; that of a mapping set is in a tag, and in its first mapping in case that tags are not kept."""
    if kind != "mappingSet":
        return string_at(body, "description") or ""
    tags = [one.get("values") for one in objects_in(body.get("tags")) if one.get("name") == TAG]
    texts = [value for values in tags if isinstance(values, list) for value in values]
    texts += [one.get("description") for one in objects_in(body.get("mappings"))[:1]]
    return next((text for text in texts if isinstance(text, str) and text), "")


def _is_schema(kind: ResourceType) -> bool:
    return PLACES[kind].form == "results"


def _id_name(kind: ResourceType) -> str:
    return "meta:altId" if _is_schema(kind) else "id"


def _object(item: bytes | memoryview | msgspec.Raw) -> Document:
    try:
        body = decode_exact(bytes(item))
        if isinstance(body, dict):
            return body
    except NotJson:
        pass
    return {name: readable(text) for name, text in fields_of(bytes(item)).items()}


def _built(kind: ResourceType, resource_id: Json, body: Document, etag: str | None = None) -> Resource:
    if not isinstance(resource_id, str) or not is_safe_id(resource_id):
        raise WrongShape("it has no usable id")
    name = string_at(body, "title" if _is_schema(kind) else "name") or ""
    return Resource(kind, resource_id, name, described(kind, body), body, etag or string_at(body, "etag"))


def _entry(answer: Answer, wanted: str) -> Document:
    """Catalog answers a GET by id with an object that has the id as its only key, or with the object itself."""
    fields = fields_of(answer.content)
    found = next((value for key, value in fields.items() if key.casefold() == wanted.casefold()), None)
    if found is None and not {"name", "schemaRef"} & fields.keys():
        raise WrongShape("it does not contain the resource")
    return _object(bytes(answer.content) if found is None else found)


def _made_dataset(answer: Answer) -> str:
    """Catalog answers with `["@/dataSets/<id>"]`."""
    items = items_of(answer.content)
    made = readable(bytes(items[0])) if len(items) == 1 else None
    if not isinstance(made, str) or not made.startswith(_DATASET):
        raise WrongShape("it does not name one dataset")
    return made.removeprefix(_DATASET)


def _etag_in(answer: Answer) -> str | None:
    try:
        body = _object(read_one(answer))
    except (NotJson, WrongShape):
        return answer.headers.get("etag")
    return answer.headers.get("etag") or string_at(body, "etag")
