"""Breaking changes: what a change of a spec breaks for the connections and flows that use it."""
