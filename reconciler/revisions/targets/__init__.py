"""The bodies of several targets compared with each other, and the layer that each value comes from."""
