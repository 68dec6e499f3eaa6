"""Judging what somebody brings: entries, bundles, and a verdict with every reason."""
