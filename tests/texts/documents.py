"""Random documents, and short texts of what YAML is made of, most of which are no documents."""

from hypothesis import strategies as st

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=12,
)
keys = st.text(max_size=20)  # YAML takes keys of up to 1024 characters on a line
json_objects = st.dictionaries(keys, json_values, max_size=5)

yaml_scraps = st.lists(
    st.sampled_from(
        [*"\n\t -:?,[]{}&*!|>'\"%@#a1.~<=", "\n  ", ": ", "- ", "&a ", "*a ", "!!str ", "---\n", "...\n", "<<: ", "\\u", "é"]
    ),
    max_size=25,
).map("".join)
