"""Small groups are counted together, so that none can be found by subtracting what is shown from a total."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.protocol.reports.test_figures import counted, played
from tests.protocol.story import CASE, vn

from kynhan_protocol.agreement import periods
from kynhan_protocol.reports import cells

PARTS = st.dictionaries(st.sampled_from(["limit", "target", "none"]), st.integers(1, 5), min_size=1)


@given(st.dictionaries(st.sampled_from("abcdefgh"), PARTS), st.integers(1, 6))
def test_no_small_group_can_be_found_by_subtraction(groups: dict[str, dict[str, int]], least: int) -> None:
    sizes = {key: sum(parts.values()) for key, parts in groups.items()}
    merged = cells.to_merge(groups, least)
    shown = sizes.keys() - merged
    small = {key for key, size in sizes.items() if size < least}
    assert small <= merged
    if merged and shown:
        assert len(merged) >= 2
        assert sum(sizes[key] for key in merged) >= least
    for part in {part for key in small for part in groups[key]}:  # each part has a total of its own
        hidden = [groups[key][part] for key in merged if part in groups[key]]
        if any(part in groups[key] for key in shown):
            assert len(hidden) >= 2
            assert sum(hidden) >= least
    if not small:
        assert merged == frozenset()


def test_the_totals_of_limits_and_targets_do_not_give_a_small_term_away() -> None:
    """One case of `foreign` is all that the targets' total holds: hidden with it alone, `in-country` would be plain."""
    terms = ["in-province"] * 6 + ["in-country"] * 2 + ["foreign"]
    players = played([(term, 0, []) for term in terms])
    stories = {f"{CASE[:-2]}{n:02d}": player.story for n, player in enumerate(players)}
    found = counted(stories, periods.named("2026-01", 1), vn(2026, 2, 2))
    assert [row.merged for row in found.by_term] == [("foreign", "in-country", "in-province")]
