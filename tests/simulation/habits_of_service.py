"""What a service may do to a body, and how its lists and answers may behave."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Habits:
    """The switches of one simulated service; the default is the plain one.

    The first group is what it does to bodies, the second how it answers. `stale_gets` GETs after each write, or all that come within the
    lag of a replica (`get_replicas`, in turn), show what was before; `partial` is what a share of the GETs by id leaves out.
    """

    drops_description: bool = False
    defaults_auth_required: bool = False
    content_path_string: bool = False
    normalises_after: float | None = None
    normaliser: str = ""
    updated_at_not_bumped: bool = False
    skew: float = 0.0

    etags: bool = False
    etags_on_some: bool = False
    list_lag: float = 0.0
    filtered_lag: float | None = None
    list_bodies_lag: float = 0.0
    page_size: int = 0
    shifting: float = 0.0
    counts: bool = False
    wraps: bool = False
    stale_gets: int = 0
    get_replicas: tuple[float, ...] = ()
    partial: str = ""
    partial_share: float = 0.0
    updated_at: str = "milliseconds"
    updated_at_in: tuple[str, ...] = ()
    unsolicited: bool = False
    upper_case_ids: bool = False
    seconds_per_call: float = 0.0
    bad_elements: tuple[int, ...] = ()
    hidden_answer: int | None = None
