"""Pure functions on JSON documents: pointers, canonical form and digest, list semantics, comparison, merge. No I/O."""
