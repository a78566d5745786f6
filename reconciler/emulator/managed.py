"""The fields that the service sets itself and that bodies cannot change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.emulator.model import Author, Place

_OF_THE_CREATION = ("createdAt", "createdBy", "createdClient")


def created(body: Mapping[str, Any], object_id: str, place: Place, author: Author, now: int) -> dict[str, Any]:
    """A new object: the body with a new id and its audit fields. `now` is epoch milliseconds."""
    audit = {
        "createdAt": now,
        "updatedAt": now,
        "createdBy": author.account,
        "updatedBy": author.account,
        "createdClient": author.client,
        "updatedClient": author.client,
    }
    return {"id": object_id, **audit, **_home(place), **_own(body)}


def replaced(body: Mapping[str, Any], previous: Mapping[str, Any], place: Place, author: Author, now: int) -> dict[str, Any]:
    """The body that replaces `previous`. Only the id and the creation fields of the previous body are kept."""
    creation = {name: previous[name] for name in _OF_THE_CREATION if name in previous}
    update = {"updatedAt": now, "updatedBy": author.account, "updatedClient": author.client}
    return {"id": previous["id"], **creation, **update, **_home(place), **_own(body)}


def at_home(stock: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """A stock object as this sandbox shows it. One that is published without audit fields has none."""
    if "createdAt" not in stock:
        return dict(stock)
    managed = {name: value for name, value in stock.items() if name in SERVER_MANAGED}
    return {**managed, **_home(place), **_own(stock)}


def _home(place: Place) -> dict[str, str]:
    return {"sandboxId": place.sandbox_id, "sandboxName": place.sandbox, "imsOrgId": place.org}


def _own(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in SERVER_MANAGED}
