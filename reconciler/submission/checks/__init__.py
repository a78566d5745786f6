"""What must hold before a submission is written: one module for each subject."""
