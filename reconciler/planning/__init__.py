"""Desired and live to a Plan: identity, ownership, causes, attachments, safety. A plan is a frozen value; there is no I/O in here."""
