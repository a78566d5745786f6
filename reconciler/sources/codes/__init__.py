"""The findings of `try`, documented: one row for each code."""
