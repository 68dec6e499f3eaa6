"""Our own copy of the log: fetched, verified, kept (mirror.py), folded into cases (view.py, track.py); its receipts.

heads.py and following.py judge without I/O; guarding.py acts on what is wrong; witness.py cosigns for others.
"""
