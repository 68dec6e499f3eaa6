"""The relay, seen from here: one signed HTTP exchange (wire.py), its endpoints (relay.py), bodies on the way
(transfers.py) and its live events (live.py). Nothing here believes what it is told: log/ does, after verifying.
"""
