"""What is published: the metadata, the wheel, and the versions that it says it runs with."""
