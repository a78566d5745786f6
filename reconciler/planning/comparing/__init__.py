"""Live against desired: which object a file means, whose it is, what differs, and why."""
