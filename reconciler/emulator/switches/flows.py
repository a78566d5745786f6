"""Switches for connections and flows: what is checked when, and what an answer looks like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciler.emulator.switches.habits import Seconds
from reconciler.emulator.switches.runs import RunHabits


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowHabits(RunHabits):
    """What the public documentation leaves open about connections and flows.

    Credentials:
        auth_test: with `at_create`, a base connection with a wrong credential is refused if it has an `authorizationTestUrl`, else its
            first source connection is; with `never`, only `/test` and runs show it; with `always_true`, `/test` does not show it either.
        auth_test_failure: `/test` answers a wrong credential with the result `false`, or with error 1308.
        auth_test_answer: `/test` answers with `{"result": true}` or with `true`.
        undeclared_required: a name in `required` that no property has, as in Adobe's own specs, is ignored or enforced (1304).
        auth_spec_names: `specName` must be the exact name of the entry of `authSpec`, or may differ in case and spaces.
        post_answer: a POST answers with the id and the etag, or with an empty object: the id is in its `Location` only.
        credentials_shown: passwords in the `auth.params` of a base connection are masked in answers, absent, or returned.

    Explore:
        explore_shape: one row for each record beside a schema, such rows alone, or the page as the third party sent it.
        explore_names: `fileType=json` as in the tutorials, `FileType=JSON` as in the OpenAPI, or either.

    Source and target connections, flows:
        target_format: the `data.format` of a target connection that is accepted; any, or only this one.
        spec_version: a reference without `version` means the latest, or is answered with 422.
        unattached: a flow of a source that its flow spec does not list is refused, or accepted.
        past_start: a `startTime` in the past is accepted, or refused with 1360.
        schedule_texts: numbers and booleans of a schedule that are sent as strings are accepted, or refused.
        smallest_interval: 15 applies to minutes, or to every frequency.
        drafts: `mode=draft` is accepted if the spec has `isDraftModeSupported`, always, or never.

    States and deletions:
        new_lag: seconds until a new connection or flow is found by its id; before that it is 404, also for what refers to it.
        new_list_lag: seconds until a new connection or flow appears in lists.
        missing_as: a connection or flow that does not exist is answered with 404, or with 200 and no items.
        delete_answer: a DELETE is answered with 204, or with 200 and the id.
        initializing: seconds in which a new connection is `initializing` and can neither be changed nor deleted (1417).
        draft_deletion: a draft can be deleted, or is refused with 1416.
        delete_lag: seconds in which a deleted object still keeps what it used from being deleted (1418, 1447; a schema of a dataset).
        gone_lag: seconds in which a deleted object is still returned by id and in lists.
        delete_path: `DELETE /connections/{id}/` as in the OpenAPI, without its slash as in the tutorials, or either.
    """

    auth_test: Literal["at_create", "never", "always_true"] = "at_create"
    auth_test_failure: Literal["result", "error"] = "result"
    auth_test_answer: Literal["object", "bare"] = "object"
    undeclared_required: Literal["ignored", "enforced"] = "ignored"
    auth_spec_names: Literal["exact", "loose"] = "exact"
    credentials_shown: Literal["masked", "absent", "returned"] = "masked"
    post_answer: Literal["id", "location"] = "id"

    explore_shape: Literal["hierarchical", "array", "raw"] = "hierarchical"
    explore_names: Literal["either", "tutorial", "openapi"] = "either"

    target_format: Literal["any", "parquet_xdm", "json"] = "any"
    spec_version: Literal["optional", "required"] = "optional"
    unattached: Literal["refuse", "accept"] = "refuse"
    past_start: Literal["accept", "refuse"] = "accept"
    schedule_texts: Literal["accept", "refuse"] = "accept"
    smallest_interval: Literal["minutes", "all"] = "minutes"
    drafts: Literal["by_spec", "always", "never"] = "by_spec"

    new_lag: Seconds = 0
    new_list_lag: Seconds = 0
    missing_as: Literal["not_found", "no_items"] = "not_found"
    delete_answer: Literal["no_content", "id"] = "no_content"
    initializing: Seconds = 0
    draft_deletion: Literal["accept", "refuse"] = "accept"
    delete_lag: Seconds = 0
    gone_lag: Seconds = 0
    delete_path: Literal["either", "slash", "no_slash"] = "either"
