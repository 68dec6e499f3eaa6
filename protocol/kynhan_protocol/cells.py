"""Small cells: a group of very few cases says too much about them, so it is counted together with others.

Because totals are shown too, one hidden group alone could be found by subtraction: what is merged is always at least
two groups of together at least `least` cases, unless there are no others.
"""

from __future__ import annotations

from collections.abc import Mapping


def to_merge(sizes: Mapping[str, int], least: int) -> frozenset[str]:
    """The keys of the groups (by number of cases) that are shown together; none where every group is large enough.

    They are the ones below `least`, then the next smallest (by size, then key) until the rule above holds.
    """
    ordered = sorted(sizes, key=lambda key: (sizes[key], key))
    merged = [key for key in ordered if sizes[key] < least]
    if not merged:
        return frozenset()
    rest = ordered[len(merged) :]
    while rest and (len(merged) < 2 or sum(sizes[key] for key in merged) < least):
        merged.append(rest.pop(0))
    return frozenset(merged)
