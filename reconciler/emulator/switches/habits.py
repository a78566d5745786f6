"""The switches for what a service behind replicas and caches does, with other people's clients around: nothing of it is documented.

Each is off by default. Those about what is kept act on the bodies that are written while they are on; those about answers on every
answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from msgspec import Meta

Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[float, Meta(ge=0)]
Way = Literal["get", "list", "write"]
"""How an object is answered: by its id, in a list, or to the write that made it."""

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
"""A status, and what goes with it: a code (`403 403025`, `404 9999-404`), a JSON body (`200 {"items":[]}`), where a 3xx leads to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddness:
    """How such a service differs from the plain one; the default is none of it.

    Reads that show what was:
        get_lag: GETs by id show each spec as it was so many seconds ago; one that is newer is not there yet.
        stale_gets: so many GETs by id after each write of a spec still show it as it was before that write (after its POST: not there).
        get_replicas: replicas that answer GETs by id in turn, each that many seconds behind; takes the place of `get_lag`.
        filtered_list_lag: seconds that a new spec takes to show up in lists with a filter; None is as `list_lag`.
        list_bodies_lag: lists show each spec as it was so many seconds ago.
        list_replicas: replicas that answer requests for lists in turn, each that many seconds behind, in what there is and in how it is.

    Answers that show less than there is:
        get_without, list_without, write_without: top-level fields that a spec lacks when it is answered by id, in a list, to its write.
        get_summary: a GET by id shows `id`, `name` and `providerId` alone.
        get_ids: so many ids at most of each id list in a GET by id; None is all.
        partial_ids: the specs that those four are for; none named is all.
        updated_at: `updatedAt` to the millisecond, cut to the whole second (still in milliseconds), in seconds, or missing.
        updated_at_in: the answers in which it is so.

    What becomes of a body, besides what Adobe's examples show:
        normalise_after: what is made of a body is made that many seconds after its write, in a write of the service's own; None is at once.
        normalised_by: `updatedBy` and `updatedClient` after that write; empty leaves the writer's.
        drop_attributes: the top-level `attributes` are lost whole.
        attributes_limit: bytes of JSON that the top-level `attributes` may have: entries that do not fit any more are lost.
        reorder_keys: the top-level fields come back in the order of their names.
        reorder_ids: id lists come back sorted.
        name_form: the form in which a name is kept.

    Lists and answers as nobody expects them:
        page_by_offset: the next page of a list begins at a number, and not behind an object.
        latest_first: lists begin with what was written last.
        shifting_pages: so many times, counted from when the switch is set, the last object of a spec list moves to its front between two
            pages: with `page_by_offset` the second page shows one id again, and that object is on none.
        list_count: spec lists say in `count` how many there are.
        bad_elements: what spec lists show at their end besides; those that have an id are answered by it, too.
        hidden_as: by hidden id, or `*`: what is answered by id instead of the 404 of an access label.
        upper_case_ids: the answers in which ids are in upper case.
        unsolicited: top-level fields that every answered spec has besides.
        etags_except: ids, or whole collections, that have no etag although `etags` is on.
        seconds_per_call: how long every call takes before it is looked at.
        clock_skew: seconds by which the service's own clock is ahead, in what it writes and in `Date`.
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
