"""Switches for the undocumented behaviour of a service with replicas, caches and other clients.

All are off by default. Switches for stored bodies act on bodies written while they are on; those for responses act on every response.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from msgspec import Meta

Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[float, Meta(ge=0)]
Way = Literal["get", "list", "write"]
"""The kinds of responses that contain a spec: by id, in a list, or to the write that made it."""

BadElement = Literal[
    "null",
    "text",
    "no_id",
    "number_id",
    "lone_surrogate",
    "huge_number",
    "infinite_number",
    "deep",
    "duplicate_key",
    "object_in_ids",
]
NameForm = Literal["nfc", "nfd", "trimmed", "padded", "upper", "lower"]
Answered = Annotated[str, Meta(pattern=r"^[2-5]\d\d( .+)?$")]
"""A status, and what belongs to it: a code (`403 403025`, `404 9999-404`), a JSON body (`200 {"items":[]}`), or the target of a 3xx."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddness:
    """Deviations from the documented behaviour; by default there are none.

    Stale reads:
        get_lag: GETs by id return each spec as it was this many seconds ago; a newer spec does not exist yet.
        stale_gets: this many GETs by id after each write still return the state before that write (after a POST: 404).
        get_replicas: replicas that answer GETs by id in turn, each this many seconds behind; replaces `get_lag`.
        filtered_list_lag: seconds until a new spec appears in filtered lists; None means the same as `list_lag`.
        list_bodies_lag: lists show each spec as it was this many seconds ago.
        list_replicas: replicas that answer list requests in turn, each this many seconds behind, for both membership and bodies.

    Incomplete responses:
        get_without, list_without, write_without: top-level fields omitted from a spec by id, in a list, in the response to its write.
        get_summary: a GET by id returns only `id`, `name` and `providerId`.
        get_ids: maximum number of ids in each id list of a GET by id; None means all.
        partial_ids: the specs that the five switches above apply to; empty means all.
        updated_at: `updatedAt` in milliseconds, in milliseconds rounded down to a second, in seconds, or missing.
        updated_at_in: the responses that `updated_at` applies to.

    Stored bodies, beyond Adobe's examples:
        normalise_after: seconds after a write until the body is normalized, in a write of the service itself; None means at once.
        normalised_by: `updatedBy` and `updatedClient` of that write; empty keeps the author's.
        drop_attributes: the top-level `attributes` are dropped.
        attributes_limit: maximum size of the top-level `attributes` in bytes of JSON: entries beyond it are dropped.
        reorder_keys: the top-level fields are sorted by name.
        reorder_ids: id lists are sorted.
        name_form: the form in which a name is stored.

    Unexpected lists and responses:
        filters_ignored: lists ignore `property`, and have everything.
        page_by_offset: the next page of a list starts at an offset instead of after an object.
        latest_first: lists start with the last written object.
        shifting_pages: this many times, counted from when the switch is set, the last object of a spec list moves to its front between
            two pages: with `page_by_offset` the second page repeats an id, and the moved object is on no page.
        list_count: spec lists have a `count`.
        bad_elements: additional malformed elements at the end of spec lists; those with an id are also returned by it.
        hidden_as: by hidden id, or `*`: the response by id instead of the 404 of an access label.
        upper_case_ids: the responses with ids in upper case.
        unsolicited: additional top-level fields of every returned spec.
        etags_except: ids or collections without an etag although `etags` is on.
        seconds_per_call: seconds that each request waits before it is processed.
        clock_skew: seconds that the service's clock is ahead, in stored times and in `Date`.
    """

    get_lag: Seconds = 0
    stale_gets: Count = 0
    get_replicas: tuple[Seconds, ...] = ()
    filtered_list_lag: Seconds | None = None
    list_bodies_lag: Seconds = 0
    list_replicas: tuple[Seconds, ...] = ()

    get_without: tuple[str, ...] = ()
    list_without: tuple[str, ...] = ()
    write_without: tuple[str, ...] = ()
    get_summary: bool = False
    get_ids: Count | None = None
    partial_ids: tuple[str, ...] = ()
    updated_at: Literal["milliseconds", "whole_seconds", "seconds", "missing"] = "milliseconds"
    updated_at_in: tuple[Way, ...] = ("get", "list", "write")

    normalise_after: Seconds | None = None
    normalised_by: str = "flow-service"
    drop_attributes: bool = False
    attributes_limit: Count | None = None
    reorder_keys: bool = False
    reorder_ids: bool = False
    name_form: NameForm | None = None

    filters_ignored: bool = False
    page_by_offset: bool = False
    latest_first: bool = False
    shifting_pages: Count = 0
    list_count: bool = False
    bad_elements: tuple[BadElement, ...] = ()
    hidden_as: Mapping[str, Answered] = field(default_factory=dict)
    upper_case_ids: tuple[Way, ...] = ()
    unsolicited: Mapping[str, Any] = field(default_factory=dict)
    etags_except: tuple[str, ...] = ()
    seconds_per_call: Seconds = 0
    clock_skew: float = 0
