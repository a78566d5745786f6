"""Planning: from desired and live specs to a frozen Plan. No I/O. Covers identity, ownership, causes, attachments and guards."""
