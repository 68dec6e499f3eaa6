"""Judging what somebody brings: exhibits, bundles, and a verdict with every reason."""
