"""Where a case can stand, and the groups of phases that the case table speaks of."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from ..words import Words


class Phase(StrEnum):
    """Where a case stands. `new` is before its first dispatch; `closed` is final by design."""

    NEW = "new"
    EXCHANGE = "exchange"
    UNSIGNED = "unsigned"
    RUNNING = "running"
    RETURNED = "returned"
    ANSWERED = "answered"
    INFORMED = "informed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    FAULTY = "faulty"


PHASE_LABELS: Final[Mapping[Phase, Words]] = {
    Phase.NEW: Words("chưa có", "not begun"),
    Phase.EXCHANGE: Words("đang trao đổi, chưa có văn bản đề nghị", "exchange, nothing requested yet"),
    Phase.UNSIGNED: Words("chờ ký nhận", "waiting to be signed for"),
    Phase.RUNNING: Words("đang xử lý", "being dealt with"),
    Phase.RETURNED: Words("trả lại, chờ bổ sung hồ sơ", "returned for completion"),
    Phase.ANSWERED: Words("đã trả lời", "answered"),
    Phase.INFORMED: Words("đã tiếp nhận thông tin", "notice received"),
    Phase.CLOSED: Words("đã kết thúc", "closed"),
    Phase.WITHDRAWN: Words("đã lấy lại hoặc thu hồi", "withdrawn"),
    Phase.DECLINED: Words("bị từ chối tiếp nhận", "declined"),
    Phase.FAULTY: Words("bì lỗi, chờ gửi lại", "package faulty, to be sent again"),
}

BEGUN: Final = frozenset(Phase) - {Phase.NEW}
VOID: Final = frozenset({Phase.WITHDRAWN, Phase.DECLINED, Phase.FAULTY})
WORKING: Final = frozenset({Phase.RUNNING, Phase.RETURNED})
TALKING: Final = WORKING | {Phase.ANSWERED, Phase.INFORMED, Phase.EXCHANGE}
FOLLOWABLE: Final = WORKING | {Phase.ANSWERED}
