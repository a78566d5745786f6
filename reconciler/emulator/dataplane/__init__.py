"""What connections, flows, runs, schemas, datasets and mappings of the emulated platform do."""
