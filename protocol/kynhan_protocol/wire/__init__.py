"""What travels between client and relay over HTTP: paths, shapes, limits, codes, signed requests."""
