"""The story of one dossier: CCQ asks, CA signs for it, is reminded, and answers; then everything is proved offline."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from evidence import Evidence
from processes import LOG, ORIGIN, StepError, World

EXAMPLES = Path(__file__).resolve().parents[1]
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
BEGIN = datetime(2025, 12, 15, 8, 30, tzinfo=VIETNAM)
LARGE = "Toàn bộ ảnh quét hồ sơ.bin"


class Journey:
    """One run of the story in one world. Every step is a real command; every number shown was read from its answer."""

    def __init__(self, world: World, files: list[Path], large_bytes: int) -> None:
        self.world = world
        self.files = files
        self.large_bytes = large_bytes
        self.started = time.monotonic()
        self.chapter = 0
        self.case = ""
        self.request = ""
        self.reply = ""

    def run(self) -> None:
        self.world.clock.set(BEGIN)
        self.set_up()
        self.compare_keys()
        self.attest_profile()
        self.send_request()
        self.receive_request()
        self.exchange_messages()
        self.let_time_pass()
        self.answer()
        self.speak_of_something_else()
        Evidence(self.world, self.case, self.request, self.reply, self.say).collect()
        self.prove_offline()

    # Telling

    def title(self, vi: str, en: str) -> None:
        self.chapter += 1
        moment = self.world.clock.now().astimezone(VIETNAM)
        print(
            f"\n{self.chapter}. {vi}\n   {en}\n   [{moment:%d/%m/%Y %H:%M}, +{time.monotonic() - self.started:.0f} s]"
        )
        sys.stdout.flush()

    def say(self, vi: str, en: str) -> None:
        print(f"   · {vi}\n     {en}")
        sys.stdout.flush()

    # The steps

    def set_up(self) -> None:
        world = self.world
        self.title("Dựng máy trung chuyển và hai đảng ủy", "A relay and two committees are set up")
        data, secret = str(world.work / "relay"), str(world.work / "relay.passphrase")
        world.relay("init", "--data", data, "--passphrase-file", secret)
        roots = []
        for who, committee, holder in (
            ("ccq", "ccq.example", "Văn thư Đảng ủy Các cơ quan tỉnh"),
            ("ca", "ca.example", "Văn thư Đảng ủy Công an tỉnh"),
        ):
            made = world.kynhan_json(who, "init", "--committee", committee, "--holder", holder)
            roots.append(made["root"])
            self.say(
                f"{committee}: khóa gốc, văn thư, bên đối chứng",
                f"{committee}: root, clerk and witness keys made",
            )
        admitted = world.relay(
            *("admit", "--data", data, "--passphrase-file", secret, "--log", LOG, "--origin", ORIGIN),
            *("--url", world.url, "--json", *roots),
        )
        (world.work / "relay.json").write_text(admitted)
        world.start_relay()
        self.say(f"máy trung chuyển chạy ở {world.url}", f"the relay runs at {world.url}")

    def compare_keys(self) -> None:
        world = self.world
        self.title("Đối chiếu mã khóa trực tiếp", "The two clerks compare keys in person")
        for who in ("ccq", "ca"):
            world.kynhan(who, "trust", "--relay", str(world.work / "relay.json"))
        shown = {who: world.kynhan_json(who, "trust")["digits"] for who in ("ccq", "ca")}
        if shown["ccq"] != shown["ca"]:
            raise StepError("the two sides show different digits")
        for row in (shown["ccq"].split()[:6], shown["ccq"].split()[6:]):
            print("       " + " ".join(row))
        world.kynhan("ccq", "trust", "--digits", shown["ca"])
        world.kynhan("ca", "trust", "--digits", shown["ccq"])
        self.say("60 chữ số trùng nhau ở hai bên", "60 digits, the same on both sides")

    def attest_profile(self) -> None:
        world = self.world
        self.title("Hai bên ký xác nhận Quy chế (hồ sơ cấu hình)", "Both committees attest the profile")
        profile = world.work / "profile.json"
        world.kynhan(
            *("ccq", "profile", "draft", "--requesting", "ccq.example", "--responding", "ca.example"),
            *("--out", str(profile)),
        )
        world.kynhan("ccq", "profile", "sign", str(profile), "--yes")
        world.kynhan("ca", "profile", "sign", "--yes")
        for who in ("ccq", "ca"):
            world.start_witness(who)
        self.say(
            "có hiệu lực từ chữ ký của bên thứ hai; hai bên đối chứng đã chạy",
            "in force; a witness runs on each side",
        )

    def send_request(self) -> None:
        world = self.world
        self.title("CCQ niêm phong và gửi văn bản đề nghị", "CCQ seals the dossier and sends the request")
        wait = world.wait_for
        wait("both witnesses to cosign", lambda: world.kynhan_json("ccq", "sync")["cosigned_size"] > 0)
        large = world.work / LARGE
        write_random(large, self.large_bytes)
        dossier = EXAMPLES / "dossier"
        chosen = self.files or sorted(path for path in dossier.iterdir() if path.suffix != ".toml")
        cover = ["--title", "Đề nghị phối hợp"] if self.files else ["--cover", str(dossier / "cover.toml")]
        total = sum(path.stat().st_size for path in [*chosen, large])
        began = time.monotonic()
        sent = world.kynhan_json(
            *(
                "ccq",
                "send",
                "--to",
                "ca.example",
                "--kind",
                "request",
                "--term",
                "in-country",
                "--subject",
                "3.1",
            ),
            *(*cover, *map(str, chosen), str(large)),
        )
        if sent["state"] != "sent":
            raise StepError(f"the request was not sent: {sent}")
        self.case, self.request = sent["case"], sent["dispatch"]
        self.say(
            f"{len(chosen) + 1} tệp, {total:,} byte, trong {time.monotonic() - began:.1f} giây; việc {self.case}",
            f"{len(chosen) + 1} files, {total:,} bytes; dispatch {self.request[:12]}… logged as entry {sent['index']}",
        )

    def receive_request(self) -> None:
        world, request = self.world, self.request
        self.title(
            "CA nhận bì, thử mở trước khi ký, rồi ký nhận",
            "CA fetches, tries to open first, then signs for it",
        )
        world.kynhan("ca", "sync")
        print(indent(world.kynhan("ca", "inbox")))
        world.kynhan("ca", "fetch", request)
        self.say(
            "bì đã tải về và khớp mã băm người gửi đã ký", "fetched; matches the hash that the sender signed"
        )
        refused = world.refused("ca", "open", request, "--out", str(world.work / "ca-opened"))
        self.say("thử mở khi chưa ký nhận:", "opening before signing:")
        print(indent(refused, "       "))
        signed = world.kynhan_json("ca", "sign", request, "--yes")
        self.say(
            f"đã ký nhận; hạn trả lời {signed['due']}", f"signed for; the answer is due on {signed['due']}"
        )
        opened = world.kynhan_json("ca", "open", request, "--out", str(world.work / "ca-opened"))
        for name in opened["files"]:
            print(f"       ✓ {name}")
        self.compare_files(world.work / "ca-opened")

    def compare_files(self, folder: Path) -> None:
        sources = self.files or sorted(
            path for path in (EXAMPLES / "dossier").iterdir() if path.suffix != ".toml"
        )
        for source in [*sources, self.world.work / LARGE]:
            if not same_bytes(source, find(folder, source.name)):
                raise StepError(f"{source.name} arrived with other bytes")
        self.say("từng tệp đúng từng byte", "every file arrived byte for byte")

    def exchange_messages(self) -> None:
        world = self.world
        self.title("Trao đổi trực tiếp, mỗi bên một tin", "A message goes each way")
        for sender, reader, words in (
            ("ca", "ccq", "Đã nhận đủ hồ sơ, đang giao cơ quan chức năng."),
            ("ccq", "ca", "Cảm ơn, cần bổ sung gì xin báo lại."),
        ):
            sent = world.kynhan_json(sender, "message", self.case, words)
            world.kynhan(reader, "sync")
            world.kynhan(reader, "sign", sent["dispatch"], "--yes")
            folder = world.work / f"{reader}-{sent['dispatch'][:8]}"
            world.kynhan(reader, "open", sent["dispatch"], "--out", str(folder))
            if find(folder, "message.txt").read_text() != words + "\n":
                raise StepError("the message arrived with other words")
            self.say(f"{sender.upper()} → {reader.upper()}: {words}", "signed for, opened, read")

    def let_time_pass(self) -> None:
        world = self.world
        self.title("Thời gian trôi: nhắc hạn", "Time passes: reminders")
        state = world.kynhan_json("ca", "case", self.case)
        for rung in state["ladder"]:
            if rung["step"].startswith("+"):
                break
            moment = datetime.fromisoformat(rung["at"]) + timedelta(minutes=1)
            world.clock.set(moment)
            world.wait_for(f"reminder {rung['step']}", lambda step=rung["step"]: self.reminded(step))
            self.say(
                f"{moment.astimezone(VIETNAM):%d/%m/%Y}: nhắc hạn, còn {rung['step'].lstrip('-')} ngày làm việc",
                f"{moment.astimezone(VIETNAM):%d/%m/%Y}: reminded, {rung['step'].lstrip('-')} working days left",
            )
        print(indent(world.kynhan("ca", "deadlines")))

    def reminded(self, step: str) -> bool:
        self.world.kynhan("ca", "sync")
        state: dict[str, Any] = self.world.kynhan_json("ca", "case", self.case)
        return any(reminder["step"] == step for reminder in state["reminders"])

    def answer(self) -> None:
        world = self.world
        self.title("CA trả lời; CCQ ký nhận và mở bì", "CA replies; CCQ signs for it and opens")
        world.clock.set(world.clock.now() + timedelta(hours=2))
        folder = EXAMPLES / "reply"
        files = sorted(str(path) for path in folder.iterdir() if path.suffix != ".toml")
        sent = world.kynhan_json("ca", "reply", self.case, *files, "--cover", str(folder / "cover.toml"))
        self.reply = sent["dispatch"]
        world.kynhan("ccq", "sync")
        world.kynhan("ccq", "fetch", self.reply)
        world.kynhan("ccq", "sign", self.reply, "--yes")
        opened = world.kynhan_json("ccq", "open", self.reply, "--out", str(world.work / "ccq-opened"))
        for name in opened["files"]:
            print(f"       ✓ {name}")
        world.kynhan("ca", "sync")
        print(indent(world.kynhan("ccq", "case", self.case)))

    def speak_of_something_else(self) -> None:
        """A later statement of each side, whose `head` shows that no revocation was hidden before (DESIGN §3.3)."""
        world = self.world
        self.title("Việc khác: CA chủ động cung cấp thông tin", "Another matter: CA informs CCQ unprompted")
        world.wait_for("the witnesses' signatures on all of the case", self.all_seen)
        notice = world.work / "Thông báo.txt"
        notice.write_text("Thông báo thay đổi đầu mối liên hệ.\n")
        sent = world.kynhan_json(
            *("ca", "send", str(notice), "--to", "ccq.example", "--kind", "notice", "--subject", "3.6"),
            *("--title", "Thay đổi đầu mối liên hệ"),
        )
        world.kynhan("ccq", "sync")
        world.kynhan("ccq", "sign", sent["dispatch"], "--yes")
        world.kynhan("ccq", "open", sent["dispatch"], "--out", str(world.work / "ccq-notice"))
        world.kynhan("ca", "sync")
        self.say("CCQ đã ký nhận", "signed for and opened")

    def all_seen(self) -> bool:
        """Whether CA has seen everything under a checkpoint that was cosigned: only then its `head` says something."""
        seen = self.world.kynhan_json("ca", "sync")
        return bool(seen["cosigned_size"] >= seen["size"])

    def prove_offline(self) -> None:
        world = self.world
        self.title(
            "Dừng máy trung chuyển, kiểm chứng ngoại tuyến",
            "The relay is stopped; everything is proved offline",
        )
        world.stop_all()
        if world.healthy():
            raise StepError("the relay still answers")
        receipts = sorted((world.out / "receipts").glob("*.receipt"))
        for what, target in (
            (f"{len(receipts)} biên nhận / receipts", str(world.out)),
            ("gói chứng cứ / bundle", str(world.out / "bundle.tar")),
        ):
            verdict = world.kynhan_json("ccq", "verify", target)
            if verdict["verdict"] != "VALID":
                raise StepError(f"{target}: {verdict}")
            self.say(f"{what}: HỢP LỆ", f"{target.removeprefix(str(world.out.parent) + os.sep)}: VALID")
        took = time.monotonic() - self.started
        print(f"\n✓ Xong trong {took:.0f} giây; chứng cứ ở {world.out.name}/, xem docs/demo.md.")
        print(f"  Done in {took:.0f} seconds; the evidence is in {world.out.name}/, see docs/demo.md.")


def write_random(path: Path, size: int) -> None:
    with path.open("wb") as out:
        for start in range(0, size, 1 << 20):
            out.write(os.urandom(min(1 << 20, size - start)))


def same_bytes(one: Path, other: Path) -> bool:
    return subprocess.run(["cmp", "-s", str(one), str(other)], check=False).returncode == 0


def find(folder: Path, name: str) -> Path:
    for path in folder.rglob("*"):
        if path.name == name:
            return path
    raise StepError(f"{name} is not in {folder}")


def indent(text: str, margin: str = "   ") -> str:
    return "\n".join(margin + line for line in text.rstrip().splitlines())
