"""The fields that the service sets itself, whatever a body says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reconciler.documents.semantics import SERVER_MANAGED
from reconciler.emulator.model import Author, Place

_OF_THE_CREATION = ("createdAt", "createdBy", "createdClient")


def created(body: Mapping[str, Any], object_id: str, place: Place, author: Author, now: int) -> dict[str, Any]:
    """A new object: the body under a fresh id, with its audit fields. `now` is epoch milliseconds."""
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
    """The body in the place of `previous`: nothing of that is kept but its id and what is known of its creation."""
    creation = {name: previous[name] for name in _OF_THE_CREATION if name in previous}
    update = {"updatedAt": now, "updatedBy": author.account, "updatedClient": author.client}
    return {"id": previous["id"], **creation, **update, **_home(place), **_own(body)}


def at_home(stock: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """A stock object as this sandbox sees it; one that is published without audit fields stays without them."""
    if "createdAt" not in stock:
        return dict(stock)
    managed = {name: value for name, value in stock.items() if name in SERVER_MANAGED}
    return {**managed, **_home(place), **_own(stock)}


def _home(place: Place) -> dict[str, str]:
    return {"sandboxId": place.sandbox_id, "sandboxName": place.sandbox, "imsOrgId": place.org}


def _own(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in SERVER_MANAGED}
