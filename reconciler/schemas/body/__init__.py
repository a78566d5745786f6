"""JSON Schemas of connection and flow spec bodies, generated from the tables in `sdk`."""
