"""The schema registry: schemas and field groups, and whether a row fits one."""
