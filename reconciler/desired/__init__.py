"""The desired side: spec files and git history to desired specs, with the places of everything in them."""
