"""The relay's paths: `table.ROUTES` is the one list; each module here holds the handlers of one noun.

A handler parses, calls the core and encodes; rules live in the core, refusals become responses in `problems`.
"""
