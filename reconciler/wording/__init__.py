"""Words that several rooms use: the word that was probably meant, and points in time."""
