"""Rules over desired specs, one small function each: what the service would take, and what would not work, or not as it was meant."""
