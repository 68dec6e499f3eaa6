"""The data folder: one database (tables.py, migrations/), bodies as blobs, the relay's key. It survives a power cut."""
