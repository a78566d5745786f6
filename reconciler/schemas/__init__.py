"""The JSON Schemas (draft-07) of the file formats, for editors, generated from the models in `desired` and `settings`.

`published` returns the schemas that ship with the package; the other modules generate them (`python -m reconciler.schemas`).
"""
