"""What must hold before a proof makes anything. A refusal names its reason and the next step."""
