"""The switches for behaviour that Flow Service's public documentation leaves open, and for access.

Switches under "Stored specs" act on bodies written while they are on; those under "Responses" act on every response.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reconciler.emulator.switches.flows import FlowHabits
from reconciler.emulator.switches.habits import Count, Seconds
from reconciler.emulator.switches.records import read_record, said
from reconciler.emulator.switches.runs import engine_problems
from reconciler.errors import SettingsError

Collection = Literal["connections", "sourceConnections", "targetConnections", "flows", "runs"]
Wrapping = Literal["items", "bare"]
TransformationField = Literal["transformationSpecs", "transformationSpec", "transformationSpecDTOS"]

KNOWN_ATTRIBUTES = (
    "category",
    "connectorName",
    "documentationLink",
    "flacValidationSupported",
    "frequency",
    "isDraftModeSupported",
    "isSource",
    "isSourceFlow",
    "notification",
    "uiAttributes",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour(FlowHabits):
    """The behaviour of the emulated service; the defaults follow Adobe's documentation.

    The inherited `habits` has further switches: stale and partial reads, delayed normalization, odd lists and responses.

    Access:
        clients: client id → secret of the accepted clients, for the token request and as `x-api-key`; None accepts all.
        read_only_clients: client ids whose tokens may not write specs (1426-400).
        static_token: an access token that is accepted besides the issued ones and never expires.
        token_lifetime: seconds that an issued token is valid.
        sandboxes: the sandbox names that exist, in every organization; any other returns 2100-404.
        forbidden: collections (`flows`, `runs`, …) without permission to view: every request for them returns 2118-403.
        hidden: ids under an access label: omitted from lists, and 404 by id.
        unlisted: ids that are omitted from lists and returned by id.

    Stored specs:
        drop_description: the top-level `description` is dropped.
        default_auth_required: `sourceSpec.attributes.authRequired: false` is added if missing.
        default_permissions: `permissionsInfo` is added if missing.
        reorder_auth: `authSpec` is stored in reverse order.
        content_path_string: an object `contentPath` becomes the string of its `path`; its other keys are dropped.
        drop_empty_auth: an empty `authSpec` is dropped.
        drop_unknown_attributes: only `known_attributes` of the top-level `attributes` are kept.
        transformation_field: the one name under which a flow spec's transformations are accepted and returned; "any" keeps
            the name that was sent.
        rename_transformations: the name under which accepted transformations are returned.
        updated_at_not_bumped: a PUT does not change `updatedAt`.

    Responses:
        wrap_get, wrap_post, wrap_put: whether one spec is returned in `items` or bare.
        pages: items per page of a spec list; 0 returns the whole list.
        absolute_links: `_links.next.href` is an absolute URL instead of one relative to the service.
        list_lag: seconds until a new spec, schema, dataset or mapping set appears in lists; a GET by id returns it at once.
        etags: specs have an `etag`, in the body and as a header, and `If-Match` is checked; without it `If-Match` is ignored.
    """

    clients: Mapping[str, str] | None = field(default=None, repr=False)
    read_only_clients: tuple[str, ...] = ()
    static_token: str | None = field(default=None, repr=False)
    token_lifetime: Count = 86399
    sandboxes: tuple[str, ...] = ("prod", "stage", "dev")
    forbidden: tuple[Collection, ...] = ()
    hidden: tuple[str, ...] = ()
    unlisted: tuple[str, ...] = ()

    drop_description: bool = False
    default_auth_required: bool = False
    default_permissions: bool = False
    reorder_auth: bool = False
    content_path_string: bool = False
    drop_empty_auth: bool = False
    drop_unknown_attributes: bool = False
    known_attributes: tuple[str, ...] = KNOWN_ATTRIBUTES
    transformation_field: Literal["any"] | TransformationField = "any"
    rename_transformations: TransformationField | None = None
    updated_at_not_bumped: bool = False

    wrap_get: Wrapping = "items"
    wrap_post: Wrapping = "bare"
    wrap_put: Wrapping = "bare"
    pages: Count = 0
    absolute_links: bool = False
    list_lag: Seconds = 0
    etags: bool = False

    @property
    def answered_transformations(self) -> TransformationField | None:
        """The name of a flow spec's transformations in responses; None leaves each as it was sent."""
        if self.rename_transformations is not None:
            return self.rename_transformations
        return None if self.transformation_field == "any" else self.transformation_field


def behaviour_from(data: object, place: str = "behaviour") -> Behaviour:
    """The switches in a mapping; all others have their defaults.

    Raises `SettingsError` with every unknown key and every invalid value, each with its place.
    """
    behaviour, problems = read_record(Behaviour, data, place)
    if behaviour is not None:
        problems = [*engine_problems(behaviour.engine, f"{place}.engine")]
    if behaviour is None or problems:
        raise SettingsError(said(problems), problems=problems)
    return behaviour
