"""What a connection spec or a flow spec says about the objects that use it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reconciler.emulator.dataplane.connecting.asking import Asking, mapping
from reconciler.sources.source import URL_PARAMS, Source

DRAFT: Final = "draft"
_TRANSFORMATIONS: Final = ("transformationSpecs", "transformationSpec", "transformationSpecDTOS")


def is_streaming(spec: Mapping[str, Any]) -> bool:
    """Whether the data of this connection spec is sent to the service, so that there is nobody to connect to."""
    return spec.get("type") == "generic-streaming" or mapping(spec, "exploreSpec").get("type") == "StreamingConnection"


def is_fetching(spec: Mapping[str, Any]) -> bool:
    """Whether the service fetches the data of this connection spec from a third party."""
    return bool(Source(dict(spec)).mapping(URL_PARAMS))


def has_credentials(spec: Mapping[str, Any]) -> bool:
    """Whether this connection spec has entries of `authSpec`."""
    return bool(Source(dict(spec)).auth_specs)


def transformation_names(flow_spec: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the transformations that a flow spec supports, under whichever name it lists them."""
    lists = (flow_spec.get(name) for name in _TRANSFORMATIONS)
    entries = [entry for listed in lists if listed for entry in (listed if isinstance(listed, list) else [listed])]
    return tuple(str(entry.get("name")) for entry in entries if isinstance(entry, dict))


def check_drafts(asking: Asking, spec: Mapping[str, Any]) -> None:
    """Refuse drafts of this spec (1368-400), unless it supports them."""
    switch = asking.service.behaviour.drafts
    supports = mapping(spec, "attributes").get("isDraftModeSupported") is True
    if switch == "never" or (switch == "by_spec" and not supports):
        raise asking.declined("1368-400")
