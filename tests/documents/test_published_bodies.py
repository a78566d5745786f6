"""The published bodies, read in both syntaxes. RECONCILER_REFERENCE names the folder that holds them."""

from reconciler.texts.json import read_json
from reconciler.texts.yaml import read_yaml
from tests.published import needs_published, published


@needs_published
def test_a_published_body_is_the_same_in_json_and_in_yaml() -> None:
    for file in published():
        json, yaml = read_json(file.read_bytes()), read_yaml(file.read_bytes())
        assert (json.mistakes, yaml.mistakes) == ((), ()), file.name
        assert json.value == yaml.value, file.name
