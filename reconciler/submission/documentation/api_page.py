"""The tutorial: how to connect the source with the Flow Service API. It makes the calls that a proof makes."""

from __future__ import annotations

from reconciler.submission.documentation import calls
from reconciler.submission.documentation.markup import inline, page, table, todo
from reconciler.submission.documentation.parts import dated, front_matter, notes, parameters_table, undescribed
from reconciler.submission.documentation.prerequisites import prerequisites
from reconciler.submission.documentation.streaming import endpoint, webhook
from reconciler.submission.documentation.subject import Subject

_UP = "../../../../"
_FLOW = "/flowservice"


def api_page(subject: Subject) -> str:
    """The whole page."""
    label, plain = subject.label, subject.plain_label
    streaming = subject.material.is_streaming
    return page(
        front_matter(
            subject,
            f"Create a dataflow for {plain} using the Flow Service API",
            f"Learn how to connect {plain} to Adobe Experience Platform using the Flow Service API.",
        ),
        dated(subject),
        f"# Create a dataflow for {label} using the [!DNL Flow Service] API",
        notes(subject, _UP),
        "## Overview",
        subject.about,
        f"This tutorial shows how to ingest data from {label} to Experience Platform using the "
        "[[!DNL Flow Service] API](https://developer.adobe.com/experience-platform-apis/references/flow-service/).",
        prerequisites(subject),
        f"## Connect {label} to Experience Platform using the [!DNL Flow Service] API",
        "Each call below needs the headers of [Platform APIs](https://experienceleague.adobe.com/en/docs/experience-platform/landing/"
        "platform-apis/api-authentication). Replace the values in braces with your own.",
        "" if streaming else _base(subject),
        "" if streaming else _explore(subject),
        _source(subject),
        _destination(subject),
        _mapping(subject),
        _flow(subject),
        endpoint() if streaming else "",
        webhook(subject) if streaming else "",
        _appendix(subject),
    )


def _base(subject: Subject) -> str:
    names = [entry.name for entry in subject.auth]
    others = ", ".join(map(inline, names[1:]))
    return page(
        "### Create a base connection",
        f"A base connection keeps the credentials of your {subject.label} account.",
        "To create one, send a POST request to `/connections`.",
        f"This example uses {inline(names[0])}; the other values of `auth.specName` are: {others}." if others else "",
        calls.curl("POST", f"{_FLOW}/connections", calls.base_connection(subject)),
        "A successful response returns the ID of the base connection, which you need in the next steps.",
        calls.made("BASE_CONNECTION_ID"),
    )


def _explore(subject: Subject) -> str:
    given = ", ".join(inline(item.name) for item in subject.parameters)
    return page(
        "### Explore your source",
        "To see the first records, send a GET request to `/connections/{BASE_CONNECTION_ID}/explore`.",
        "`{SOURCE_PARAMS}` is a JSON object in Base64 with " + (f"the values of {given}." if given else "no values: `e30=`."),
        calls.curl(
            "GET",
            f"{_FLOW}/connections/{{BASE_CONNECTION_ID}}/explore?objectType=rest&object=json&fileType=json&preview=true"
            "&sourceParams={SOURCE_PARAMS}",
        ),
        "A successful response has the fields of a record under `schema`, and the first records under `data`.",
        _fields(subject),
    )


def _fields(subject: Subject) -> str:
    if not subject.material.record_fields:
        return todo("add an example of the response, with invented values.")
    rows = [(inline(name), kind) for name, kind in subject.material.record_fields]
    return page("A record has these fields:", table(("Field", "Type"), rows))


def _source(subject: Subject) -> str:
    parameters = subject.parameters
    return page(
        "### Create a source connection",
        "A source connection selects the data to ingest. To create one, send a POST request to `/sourceConnections`.",
        calls.curl("POST", f"{_FLOW}/sourceConnections", calls.source_connection(subject)),
        parameters_table(parameters) if parameters else "",
        undescribed(parameters),
        "A successful response returns the ID of the source connection.",
        calls.made("SOURCE_CONNECTION_ID"),
    )


def _destination(subject: Subject) -> str:
    return page(
        "### Create a target XDM schema",
        "The schema describes the records in Experience Platform. To create one, send a POST request to the Schema Registry API.",
        calls.curl("POST", "/schemaregistry/tenant/schemas", calls.schema(subject)),
        "The response has the URI of the schema in `$id`.",
        todo("recommend a class and field groups for these records.") if subject.material.is_streaming else "",
        "### Create a target dataset",
        "The dataset receives the records. To create one, send a POST request to the Catalog Service API with the `$id` of the schema.",
        calls.curl("POST", "/catalog/dataSets?requestDataSource=true", calls.dataset(subject)),
        calls.answer(["@/dataSets/{DATASET_ID}"]),
        "### Create a target connection",
        "A target connection writes to the dataset. The ID of its connection spec is the same for every source: "
        f"`{calls.TARGET_SPEC}`.",
        calls.curl("POST", f"{_FLOW}/targetConnections", calls.target_connection(subject)),
        calls.made("TARGET_CONNECTION_ID"),
    )


def _mapping(subject: Subject) -> str:
    mappings = calls.mappings_of(subject)
    if not mappings:
        return page(
            "### Create a mapping",
            "This source needs no mapping." if subject.material.proof.target.mapping == "none" else "",
            ""
            if subject.material.proof.target.mapping == "none"
            else todo("write the mapping: which field goes to which field of the schema."),
        )
    return page(
        "### Create a mapping",
        "The mapping says which field of a record goes to which field of the schema. To create one, send a POST request to the "
        "Data Prep API.",
        calls.curl("POST", "/conversion/mappingSets", calls.mapping_set(subject, mappings)),
        table(("Source field", "Target field"), [(inline(item.source), inline(item.destination)) for item in mappings]),
        "A successful response returns the ID of the mapping.",
        calls.answer({"id": "{MAPPING_ID}", "version": 0}),
    )


def _flow(subject: Subject) -> str:
    schedule = (
        ""
        if subject.material.is_streaming
        else "`{START_TIME}` is a time in seconds since 1970 that is not in the past. `frequency` is `once`, `minute`, `hour`, `day` or "
        "`week`; with `minute`, `interval` is 15 or more."
    )
    return page(
        "### Create a flow",
        "The dataflow brings records from the source to the dataset. To create one, send a POST request to `/flows`.",
        calls.curl("POST", f"{_FLOW}/flows", calls.flow(subject)),
        schedule,
        "A successful response returns the ID of the dataflow.",
        calls.made("FLOW_ID"),
    )


def _appendix(subject: Subject) -> str:
    return page(
        "## Appendix",
        "### Monitor your dataflow",
        "To see its runs, send a GET request to `/runs`."
        if not subject.material.is_streaming
        else "Received events appear in the dataset, which can take up to an hour.",
        "" if subject.material.is_streaming else calls.curl("GET", f"{_FLOW}/runs?property=flowId=={{FLOW_ID}}"),
        "### Delete your dataflow",
        "Delete the dataflow first, then its source and target connections"
        + ("." if subject.material.is_streaming else ", and the base connection last."),
        calls.curl("DELETE", f"{_FLOW}/flows/{{FLOW_ID}}"),
    )
