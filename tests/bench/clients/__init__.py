"""What the figures stand beside: clients that send the same requests, and do nothing else or compare as a careful user would."""
