"""What `submit` found and wrote."""
