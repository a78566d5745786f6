"""The file formats as JSON Schema (draft-07), for editors: made from the models of `desired` and `settings`.

`published` hands out the schemas as the package ships them; everything else in here makes them (`python -m reconciler.schemas`).
"""
