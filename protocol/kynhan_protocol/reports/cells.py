"""Small cells: a group of very few cases says too much about them, so it is counted together with others.

Because totals are shown too, one hidden group alone could be found by subtraction: what is merged is always at least
two groups of together at least `least` cases, unless there are no others. Limits, targets and requests without a term
have totals of their own, so the same holds within each of these parts.
"""

from __future__ import annotations

from collections.abc import Mapping


def to_merge(groups: Mapping[str, Mapping[str, int]], least: int) -> frozenset[str]:
    """The keys of the groups that are shown together; none where every group is large enough.

    `groups` gives each one's number of cases by part, none of them 0. Merged are those below `least`, then the next
    smallest (by size, then key) until the rule above holds: for all cases, then for each part of a small group.
    """
    sizes = {key: sum(parts.values()) for key, parts in groups.items()}
    ordered = sorted(groups, key=lambda key: (sizes[key], key))
    small = [key for key in ordered if sizes[key] < least]
    merged = set(small)
    if not small:
        return frozenset()
    for part in (None, *sorted({part for key in small for part in groups[key]})):
        cases = {key: sizes[key] if part is None else groups[key].get(part, 0) for key in ordered}
        rest = [key for key in ordered if cases[key] and key not in merged]
        hidden = [cases[key] for key in merged if cases[key]]
        while rest and (len(hidden) < 2 or sum(hidden) < least):
            merged.add(rest[0])
            hidden.append(cases[rest.pop(0)])
    return frozenset(merged)
