"""The table of who may do what when (tests/protocol/scenes.py), played on the fold."""

from __future__ import annotations

import pytest
from tests.protocol.scenes import SCENES, Scene, Step
from tests.protocol.story import CA_CLERK, CALENDAR, CCQ, Story

from kynhan_protocol.case import contests
from kynhan_protocol.case.case_json import dump, load
from kynhan_protocol.case.status import status
from kynhan_protocol.errors import CaseRuleError
from kynhan_protocol.vietnam_time import local_date


def play(story: Story, step: Step, ids: dict[str, str]) -> None:
    story.pass_to(step.at)
    if step.act != "send":
        {
            "sign": story.sign,
            "open": story.open,
            "decline": story.decline,
            "withdraw": story.withdraw,
            "faulty": lambda one: story.open(one, "faulty", "payload"),
        }[step.act](ids.get(step.label, step.label))
        return
    assert step.kind is not None
    fields: dict[str, object] = {
        "regarding": ids.get(step.regarding, step.regarding) if step.regarding else None,
        "urgency": step.urgency,
        "due": step.until,
        "term": "in-province" if step.kind == "request" else None,
    }
    if step.by_ca:
        fields |= {"from_": CA_CLERK, "to": CCQ}
    ids[step.label] = story.send(step.kind, **fields)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_on_the_fold(scene: Scene) -> None:
    story, ids = Story(now=scene.parsed()[0].at), dict[str, str]()
    for step in scene.parsed():
        if step.refused:
            with pytest.raises(CaseRuleError):
                play(story, step, ids)
        else:
            play(story, step, ids)
    story.pass_to(scene.end)
    story.tick()
    case = story.case
    assert case.objections == ()
    assert status(case, story.now, CALENDAR, story.profile).code == scene.status
    assert (case.due.due if case.due else None) == scene.due
    assert tuple(local_date(clock.started_at) for clock in case.clocks) == scene.starts
    disputed = contests.contested(case)
    assert (disputed.id if disputed else None) == (ids[scene.contested] if scene.contested else None)
    assert case.phase.value == scene.phase
    assert story.folded_again() == case
    assert load(dump(case)) == case
