"""The codes with which connections and flows are refused.

The messages are those of Adobe's pages "Flow Service error messages" and "Sources error messages".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_PLEASE: Final = "and try again."
MESSAGES: Final[Mapping[str, str]] = {
    "1301-400": f"The provided authSpecType param : {{value}} is not supported. Please provide a valid auth spec type {_PLEASE}",
    "1304-400": f"The mandatory field {{field}} is not provided. Please provide the {{field}} {_PLEASE}",
    "1307-400": "The target connection spec ID is not valid={value}. The allowed value is: {allowed}",
    "1308-400": "The request could not be processed. Error message: {reason}",
    "1312-400": (
        f"The provided param value {{value}} is not a valid input for property={{field}}."
        f" Please provide a valid param value {_PLEASE}"
    ),
    "1313-400": f"The path attribute {{value}} does not exist. Please make sure the attribute exists {_PLEASE}",
    "1314-400": f"A complex path has been provided but is not allowed. Please make sure complex path is not provided {_PLEASE}",
    "1315-400": (
        f"The provided path {{value}} should point to an array of records."
        f" Please make sure the provided path points to the array of records {_PLEASE}"
    ),
    "1316-400": (f"The provided pagination params should not be empty. Please provide valid pagination params {_PLEASE}"),
    "1317-400": (
        f"The provided schedule params are empty but should not be empty. Please provide valid schedule params {_PLEASE}"
    ),
    "1319-400": (f"The {{value}} should be part of parent collection. Please provide {{value}} in parent collection {_PLEASE}"),
    "1320-400": f"The {{field}} cannot be null or empty. Please provide valid {{field}} {_PLEASE}",
    "1321-400": f"The length of {{field}} should be one, supplied size is {{value}}. Please provide valid size {_PLEASE}",
    "1325-400": (
        f"The dataSetId param cannot be null or empty in target connection: {{value}}."
        f" Please provide valid dataSetId param {_PLEASE}"
    ),
    "1327-400": (
        f"The format of source data supplied={{value}} in SourceConnection is not supported."
        f" The allowed values are: {{allowed}}. Please provide allowed values {_PLEASE}"
    ),
    "1328-400": (
        f"The mapping transformation cannot be null when extracting {{field}}."
        f" Please provide valid mapping transformation {_PLEASE}"
    ),
    "1329-400": (
        f"The param: {{field}} cannot be null or empty in the provided request. Please provide valid {{field}} {_PLEASE}"
    ),
    "1332-400": (
        f"The source connection request with the connectionSpecId: {{value}} cannot have a baseConnectionId."
        f" Please remove the baseConnectionId {_PLEASE}"
    ),
    "1334-400": f"The query param : {{field}} cannot be empty. Please provide valid {{field}} {_PLEASE}",
    "1336-400": (
        f"Explore connection is not supported for connection spec ID: {{value}}."
        f" Please provide supported connection spec id {_PLEASE}"
    ),
    "1337-400": (f"The {{field}} cannot be empty for objectType={{value}}. Please provide valid {{field}} {_PLEASE}"),
    "1340-400": (f"An error occurred while parsing {{value}}. Please check the time format provided in the request {_PLEASE}"),
    "1358-400": f"The provided param 'objectType' is invalid. Please provide a valid objectType {_PLEASE}",
    "1360-400": f"The start time cannot be set in the past. Please provide a valid start time {_PLEASE}",
    "1361-400": (
        "Interval is not allowed with one time ingestion. Please remove interval or change frequency and then try again."
    ),
    "1362-400": f"Interval cannot be less than {{value}}. Please provide a valid interval value {_PLEASE}",
    "1363-400": (f"Interval {{value}} is not allowed with frequency: {{field}}. Please provide a valid interval value {_PLEASE}"),
    "1364-400": (
        "The backfill flag is not allowed when frequency is set to one."
        f" Please remove the backfill flag when frequency is set to once {_PLEASE}"
    ),
    "1365-400": f"The path {{value}} provided in ops is invalid. Please provide valid path {{value}} {_PLEASE}",
    "1366-400": "The start time has passed and the update operation is no longer allowed.",
    "1368-400": f"Mode is not allowed in flow request. Please check your request {_PLEASE}",
    "1372-400": (
        "The current operation is not allowed. Explore via connection spec is not allowed for connection spec ID={value}."
    ),
    "1389-400": (
        f"An error occurred while parsing the provided base64-encoded string."
        f" Please provide a valid encoded filter string {_PLEASE}"
    ),
    "1392-400": (
        f"Failed to parse Transformations in flow request for flowId={{value}}."
        f" Please check the transformations in your request {_PLEASE}"
    ),
    "1397-400": f"The provided frequency : {{value}} is invalid. Please provide a valid frequency {_PLEASE}",
    "1398-400": (f"The provided operation : {{value}} is unsupported. Please check the operation provided {_PLEASE}"),
    "1402-400": "The action '{value}' is supported for provider requests only.",
    "1403-400": "The start time has passed and you can no longer change the frequency to once.",
    "1404-400": "The start time has passed and you can no longer update backfill.",
    "1410-400": "State is not allowed in the create flow request.",
    "1412-400": "Invalid Mapping Version in request. Please provide correct mapping version.",
    "1414-400": "The connection spec of a connection cannot be updated.",
    "1415-400": "The auth spec '{value}' could not be found for the connection spec ID {field}.",
    "1416-400": "Delete or Update can only be applied on connection with enabled, disabled or initializing state.",
    "1417-400": "Delete or Update on Connections in `initializing` state are not allowed with UserToken.",
    "1418-400": (
        "The base connection with the ID {value} cannot be deleted because the base connection is being used in one or more flows."
        " Please ensure that corresponding flows are deleted before deleting a base connection."
    ),
    "1419-400": (
        "Error while validating mapping with id {value}, version {field}."
        " This could be because of inadequate permissions on mapped fields. Please check your mapping or contact your admin."
    ),
    "1422-400": (f"The action {{value}} cannot be applied on the current state {{field}}. Please update the action {_PLEASE}"),
    "1425-400": (
        "Error while matching schema in target dataset {value} with schema in mapping {field}."
        " Schema with same id and version must be used in both mapping and target dataset."
    ),
    "1434-400": (f"Unsupported operation '{{value}}' received. Please use one of the supported operation types {_PLEASE}"),
    "1447-400": "Found active flows containing id {value}.",
    "1451-400": "Invalid params {value} provided in query params.",
    "1455-400": "An error has occurred while validating patch instructions: {reason}.",
}
_IF_MATCH_MISSING: Final = "The header 'If-Match' is missing in the request. Please provide the header and try again."
_MOST: Final = 400
"""Characters of a value in a message."""


def message_of(code: str, words: Mapping[str, object]) -> str:
    """The documented message of a code, with its words filled in. Raises KeyError for an unknown code."""
    if code == "1403-400" and not words.get("flow"):
        return _IF_MATCH_MISSING
    return MESSAGES[code].format_map({name: str(word)[:_MOST] for name, word in words.items()})
