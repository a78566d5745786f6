"""What a proof sends: the fields of its records, and the body of each resource. No I/O."""
