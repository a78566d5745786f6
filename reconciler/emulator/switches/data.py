"""Switches for the services beside Flow Service: schema registry, catalog, conversion and the streaming inlet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from reconciler.emulator.switches.habits import Oddness, Seconds

SandboxDetail = Literal["title", "type", "state", "region"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataHabits(Oddness):
    """What the public documentation leaves open about schemas, datasets, mapping sets and streamed events.

    Access:
        missing_permissions: permissions that every credential lacks, such as "Manage Datasets": calls that need one return 403.
        sandbox_details: by name of a sandbox, its `title`, `type`, `state` and `region`, as far as they differ from the defaults.

    Schemas and datasets:
        bad_accept: the status for a missing or invalid `Accept` of the schema registry: its pages give both.
        unique_titles: schemas and field groups must have titles that no other has (XDM-1521-400).
        delete_in_use: whether a schema of a dataset, and a field group of a schema, can be deleted.
        mapping_body: the published form of a mapping set that is accepted.
        mapping_versions: whether a PUT of a mapping set keeps its version, or counts it up and leaves the earlier one as it was.
        mapping_name_filter: lists of mapping sets are filtered by `name`.
        mapping_status: the status of the answer to a POST of a mapping set: the OpenAPI file says 200, others 201.
        catalog_links: lists of the catalog have `_page` and `_links` beside the ids.
        batch_staging: seconds in which a new batch is `staging`, and its counts are 0.
        land_delay: seconds until a batch or event that was accepted is in its dataset.

    Streaming inlet:
        inlet_auth: what an event needs: a signature, an access token, either of them, or neither.
        inlet_secrets: the secrets whose signatures hold: the current one first, then those that are still accepted.
        hmac_encoding: how the bytes of a signature are written in `x-hmac-sha256`.
        inlet_scopes: the scopes that an access token needs.
        inlet_needs_sandbox: `x-sandbox-name` is required.
        inlet_delay: seconds after a flow was made until it shows the address of its inlet.
        inlet_warm_up: seconds after a flow was made in which events are answered with 200, and lost.
    """

    missing_permissions: tuple[str, ...] = ()
    sandbox_details: Mapping[str, Mapping[SandboxDetail, str]] = field(default_factory=dict)
    bad_accept: Literal[406, 400] = 406
    unique_titles: bool = True
    delete_in_use: Literal["refuse", "accept"] = "refuse"
    mapping_body: Literal["both", "old", "new"] = "both"
    mapping_versions: Literal["same", "counted"] = "same"
    mapping_name_filter: bool = True
    mapping_status: Literal[200, 201] = 200
    catalog_links: bool = False
    batch_staging: Seconds = 0
    land_delay: Seconds = 0

    inlet_auth: Literal["either", "hmac", "oauth", "none"] = "either"
    inlet_secrets: tuple[str, ...] = ()
    hmac_encoding: Literal["base64", "hex"] = "base64"
    inlet_scopes: tuple[str, ...] = ()
    inlet_needs_sandbox: bool = False
    inlet_delay: Seconds = 0
    inlet_warm_up: Seconds = 0
