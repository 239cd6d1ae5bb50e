#!/usr/bin/env python3
"""Trouble of the machine and of the administrator, with the program as it runs: a port in use, a data folder in use, an unknown
setting, a damaged journal, a full disk.   trouble.py [--no-disk]

The full disk is a small file system in memory, which only root can mount. Exits 1 when something is lost or unsaid."""
import os
import pathlib
import smtplib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate import ROOT, Gate, free_port  # noqa: E402
from sink import Sink  # noqa: E402

DISK = "700m"
SECONDS = 120


def say(text):
    print(f"trouble: {text}", flush=True)


def demand(condition, text):
    if not condition:
        say(f"FAILED: {text}")
        sys.exit(1)


def short(said):
    """What the program said, without its log."""
    return " / ".join(line.strip() for line in said.splitlines() if line.strip() and not line[:2].isdigit())


def ended(gate, command="run"):
    """Runs the program, which must end by itself. Its exit status and what it said."""
    done = subprocess.run(
        [str(ROOT / "sekisho"), command, "--config", str(gate.config)],
        capture_output=True, text=True, timeout=60, cwd=gate.home, stdin=subprocess.DEVNULL,
    )
    return done.returncode, done.stdout + done.stderr


def send(gate, name, octets):
    """Sends one message. Its reply code."""
    with smtplib.SMTP("127.0.0.1", gate.port, "load.test", timeout=30) as client:
        try:
            client.sendmail(f"{name}@sender.example", ["hanako@gate.test"], b"Subject: trouble " + name.encode() + b"\r\n\r\n" + b"x" * 76 + b"\r\n" * 2 + (b"y" * 76 + b"\r\n") * (octets // 78))
            return 250
        except smtplib.SMTPResponseException as e:
            return e.smtp_code


def until(condition, seconds=SECONDS, wait=0.1):
    end = time.time() + seconds
    while time.time() < end:
        if condition():
            return True
        time.sleep(wait)
    return False


def settings():
    gate = Gate(free_port(), "smtp.lisen = 127.0.0.1:25\n")
    for command in ("check-config", "run"):
        status, said = ended(gate, command)
        demand(status != 0 and "smtp.lisen" in said and "smtp.listen" in said, f"{command} with an unknown setting: {status} {said}")
    say(f"an unknown setting: {short(said)}")


def in_use():
    first = Gate(free_port())
    first.start()
    second = Gate(free_port())
    second.config.write_text(second.config.read_text().replace(f":{second.port}", f":{first.port}"))
    status, said = ended(second)
    demand(status != 0 and str(first.port) in said and "has this port" in said, f"a port in use: {status} {said}")
    say(f"a port in use: {short(said)}")
    second.config.write_text(first.config.read_text().replace(f":{first.port}", f":{free_port()}"))
    status, said = ended(second)
    demand(status != 0 and str(first.home) in said, f"a data folder in use: {status} {said}")
    say(f"a data folder in use: {short(said)}")
    demand(first.stop() == 0, "the first one stops")


def damage():
    arrived = set()
    port = free_port()
    gate = Gate(port)
    gate.start()
    taken = [name for name in (f"d{n}" for n in range(50)) if send(gate, name, 500) == 250]
    demand(len(taken) == 50, f"all are taken, not {len(taken)}")
    gate.kill()
    place = next(
        (file, at)
        for file in sorted(gate.home.glob("data/journal/*"))
        if file.is_file() and (at := file.read_bytes().find(b"trouble d20\r\n")) > 0
    )
    flip(*place)
    status, said = ended(gate)
    demand(status != 0 and place[0].name in said, f"a damaged segment: {status} {said}")
    say(f"a damaged segment: {short(said)}")
    flip(*place)
    Sink(port, keep=False, on_message=lambda sender, rcpts, octets: arrived.add(sender.split("@")[0]))
    gate.start()
    demand(until(lambda: arrived.issuperset(taken)), f"{len(set(taken) - arrived)} of {len(taken)} are missing after the repair")
    demand(gate.stop() == 0, "it stops")
    say(f"the segment restored from a copy: {len(taken)} of {len(taken)} delivered")


def flip(file, at):
    with open(file, "r+b") as f:
        f.seek(at)
        octet = f.read(1)[0]
        f.seek(at)
        f.write(bytes([octet ^ 1]))


def full_disk():
    if os.geteuid() != 0:
        say("a full disk: not run, only root can mount a small file system")
        return
    mount = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-disk-"))
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "none", str(mount)], capture_output=True, text=True)
    if mounted.returncode != 0:
        say(f"a full disk: not run, {mounted.stderr.strip()}")
        return
    arrived = set()
    port = free_port()
    Sink(port, keep=False, on_message=lambda sender, rcpts, octets: arrived.add(sender.split("@")[0]))
    gate = Gate(port)
    gate.config.write_text(gate.config.read_text().replace(f"data = {gate.home}", f"data = {mount}"))
    try:
        gate.start()
        taken = fill(gate, mount)
        demand(until(lambda: arrived.issuperset(taken)), f"{len(set(taken) - arrived)} of {len(taken)} are missing")
        demand(gate.stop() == 0, "it stops")
        say(f"after it: taken again without a restart; {len(taken)} of {len(taken)} delivered")
    finally:
        if gate.process.poll() is None:
            gate.kill()
        until(lambda: subprocess.run(["umount", str(mount)], capture_output=True).returncode == 0, 30)
        mount.rmdir()


def fill(gate, mount):
    """Fills the disk, sends until mail is refused, empties it, and sends until mail is taken. The names of what was taken."""
    taken, codes = [], {}

    def one(octets):
        name = f"f{len(taken)}x{sum(codes.values())}"
        code = send(gate, name, octets)
        codes[code] = codes.get(code, 0) + 1
        if code == 250:
            taken.append(name)
        return code

    demand(until(lambda: one(1000) == 250 and "database is ready" in (gate.home / "console.log").read_text() or len(taken) > 200, wait=0.02), "mail is taken")
    ballast = mount / "ballast"
    with open(ballast, "wb", buffering=0) as f:
        try:
            while True:
                f.write(b"\0" * (1 << 20))
        except OSError:
            pass
        try:
            while True:
                f.write(b"\0" * 512)
        except OSError:
            pass
    demand(until(lambda: one(400_000) == 451), f"a large message on a full disk is refused with 451: {codes}")
    refused = until(lambda: one(200_000) == 451, wait=0)
    demand(set(codes) == {250, 451}, f"only 250 and 451 are said: {codes}")
    say(f"a full disk: {codes}, small mail {'refused in the end' if refused else 'still taken'}")
    ballast.unlink()
    demand(until(lambda: one(1000) == 250), f"mail is taken again: {codes}")
    demand(until(lambda: one(400_000) == 250), f"large mail is taken again: {codes}")
    return taken


if __name__ == "__main__":
    settings()
    in_use()
    damage()
    if "--no-disk" not in sys.argv:
        full_disk()
    say("all right")
