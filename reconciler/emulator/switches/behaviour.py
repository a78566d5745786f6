"""The switches for what the public facts about Flow Service leave open, and for who may come in.

A switch about what is kept acts on the bodies that are written while it is on; one about answers acts on every answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reconciler.emulator.switches.habits import Count, Oddness, Seconds
from reconciler.emulator.switches.records import read_record, said
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
class Behaviour(Oddness):
    """How the emulated service behaves; the default is the plain service of Adobe's pages.

    `habits` has the switches that this inherits: stale and partial reads, late rewriting, odd lists and answers.

    Access:
        clients: client id → secret of those who may come in, in the token request and as `x-api-key`; None lets everybody in.
        read_only_clients: client ids whose tokens may not write specs (1426-400).
        static_token: an access token that is accepted besides those that were issued, and never ends.
        token_lifetime: seconds that an issued token is good for.
        sandboxes: the names that exist, in every organisation; any other answers 2100-404.
        forbidden: collections (`flows`, `runs`, …) that nobody has the permission to view: every call of them answers 2118-403.
        hidden: ids under an access label: left out of lists, and 404 by id.
        unlisted: ids that are left out of lists and answered by id.

    What is kept of a spec that is written:
        drop_description: the top-level `description` is lost.
        default_auth_required: `sourceSpec.attributes.authRequired: false` is added where it is missing.
        default_permissions: `permissionsInfo` is added where it is missing.
        reorder_auth: `authSpec` comes back in reverse order.
        content_path_string: an object `contentPath` becomes the string of its `path`, and its other keys are lost.
        drop_empty_auth: an empty `authSpec` is lost.
        drop_unknown_attributes: of the top-level `attributes` only `known_attributes` are kept.
        transformation_field: the one name under which a flow spec's transformations are accepted and answered; "any" keeps
            what is sent.
        rename_transformations: the name under which accepted transformations are answered.
        updated_at_not_bumped: a PUT leaves `updatedAt` as it was.

    Answers:
        wrap_get, wrap_post, wrap_put: whether one spec is answered in `items` or bare.
        pages: items on a page of a spec list; 0 gives the whole list.
        absolute_links: `_links.next.href` is an absolute URL and not relative to the service.
        list_lag: seconds that a new object takes to show up in lists; a GET by id sees it at once.
        etags: specs have an `etag`, in the body and as a header, and `If-Match` is checked; else it is ignored.
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
        """The name that a flow spec's transformations have in answers; None leaves each as it was sent."""
        if self.rename_transformations is not None:
            return self.rename_transformations
        return None if self.transformation_field == "any" else self.transformation_field


def behaviour_from(data: object, place: str = "behaviour") -> Behaviour:
    """The switches of a mapping, the others as they are by default.

    Raises `SettingsError` with every unknown key and every value that does not fit, each with its place.
    """
    behaviour, problems = read_record(Behaviour, data, place)
    if behaviour is None:
        raise SettingsError(said(problems), problems=problems)
    return behaviour
