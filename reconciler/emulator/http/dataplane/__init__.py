"""The endpoints of the emulated platform beside its specs."""
