"""Sections that only a streaming source has: its endpoint, and the webhook of the product that sends events."""

from __future__ import annotations

from reconciler.submission.documentation import calls
from reconciler.submission.documentation.markup import block, page, todo
from reconciler.submission.documentation.subject import Subject


def endpoint() -> str:
    """Where events are sent."""
    return page(
        "### Get your streaming endpoint URL",
        "To get the address that events are sent to, send a GET request to `/flows/{FLOW_ID}`.",
        calls.curl("GET", "/flowservice/flows/{FLOW_ID}"),
        "The address is in `items[0].options.inletUrl`.",
        calls.answer({"items": [{"id": "{FLOW_ID}", "options": {"inletUrl": "https://dcs.adobedc.net/collection/{INLET_ID}"}}]}),
        "To send several events in one request, add `/batch` before the ID: `https://dcs.adobedc.net/collection/batch/{INLET_ID}`.",
    )


def webhook(subject: Subject) -> str:
    """How the product sends events there."""
    streaming = subject.material.proof.streaming
    signature = "  -H 'x-hmac-sha256: {SIGNATURE}' \\\n" if streaming and streaming.mechanism == "hmac" else ""
    token = "  -H 'Authorization: Bearer {ACCESS_TOKEN}' \\\n" if streaming and streaming.mechanism == "oauth" else ""
    call = (
        "curl -X POST \\\n  '{INLET_URL}' \\\n  -H 'Content-Type: application/json' \\\n  -H 'x-adobe-flow-id: {FLOW_ID}' \\\n"
        f"{signature}{token}  -d '{{EVENT}}'"
    )
    return page(
        "## Integrate with your webhook",
        f"Enter the address as a webhook in {subject.label}.",
        "Wait five minutes after you create the dataflow before you send the first event.",
        todo("show where the webhook is entered, with screenshots, and an example of an event."),
        "A request to the endpoint:",
        block("shell", call),
        "A response with the status 200 says that the event was received. It can take up to an hour until it is in the dataset. "
        "A request may have up to 1 MB.",
    )
