"""A home: the folder in which one member's keys, archive and sealed packages live, and what keeps it whole.

home.py opens it, keyring.py holds its keys, archive.py its encrypted database (schema/ its tables), cupboard.py the
packages and the outbox in it; durable.py writes files that survive a power cut.
"""
