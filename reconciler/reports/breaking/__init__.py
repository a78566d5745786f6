"""What breaks between two versions of the spec files."""
