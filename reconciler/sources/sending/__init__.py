"""What a request sends: values, expressions, the times of a schedule, credentials."""
