"""A dossier on this side of the seal: its files and register fields, packed and sealed, unsealed and unpacked.

No log and no relay here: packages/ sends and receives what this makes and opens.
"""
