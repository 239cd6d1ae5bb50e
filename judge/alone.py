#!/usr/bin/env python3
"""A start without the database: the last known settings hold, and what is not known for certain is put off.
alone.py       exits 1 when it is otherwise."""
import os
import smtplib
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate import ROOT, Gate, free_port  # noqa: E402
from sink import Sink  # noqa: E402


def main():
    port, arrived = free_port(), []
    Sink(port, keep=False, on_message=lambda sender, rcpts, octets: arrived.append(rcpts[0]))
    gate = Gate(free_port(), "net.allowed = 127.0.0.0/8\n")

    def sekisho(*words):
        done = subprocess.run(
            [str(ROOT / "sekisho"), words[0], "--config", str(gate.config), *words[1:]],
            capture_output=True, text=True, timeout=60, cwd=gate.home, stdin=subprocess.DEVNULL,
        )
        return done.returncode, done.stdout + done.stderr

    def demand(condition, text):
        if not condition:
            raise SystemExit(f"alone: {text}; see {gate.home}")

    def until(condition, text, seconds=60):
        end = time.time() + seconds
        while not condition():
            demand(time.time() < end, text)
            time.sleep(0.1)

    def rcpt(recipient):
        with smtplib.SMTP("127.0.0.1", gate.port, "load.test", timeout=30) as client:
            client.ehlo()
            client.mail("alice@sender.example")
            return client.rcpt(recipient)[0]

    gate.start()
    until(lambda: sekisho("tenant", "create", "hakone", "Hakone")[0] == 0, "the database does not come up")
    for words in (
        ("domain", "claim", "hakone", "hakone.example"),
        ("route", "add", "hakone", "hakone.example", f"127.0.0.1:{port}"),
        ("recipient", "add", "hakone", "hakone.example", "hanako", "taro"),
        ("domain", "prove", "hakone", "hakone.example", "--evidence", "the judge says so"),
        ("tenant", "contract", "hakone", "--messages-per-minute-per-recipient", "3"),
    ):
        status, said = sekisho(*words)
        demand(status == 0, f"{words}: {said}")
    until(lambda: rcpt("hanako@hakone.example") == 450, "the limit is not in force within 5 s", 5)
    demand(gate.stop() == 0, "it does not stop")

    # a database of somebody else's, which does not answer
    (gate.home / "password").write_text("secret\n")
    logins = "".join(
        f"database.{login}.user = sekisho_{login}\ndatabase.{login}.password-file = {gate.home}/password\n"
        for login in ("owner", "app", "gateway", "operator")
    )
    mine = gate.config.read_text()
    away = f"{mine}database = jdbc:postgresql://127.0.0.1:{free_port()}/sekisho\n{logins}"
    gate.config.write_text(away)
    began = time.time()
    gate.start()
    took = time.time() - began
    for recipient, wanted in (
        ("hanako@hakone.example", 250),
        ("nobody@hakone.example", 550),
        ("hanako@elsewhere.example", 451),
        ("anyone@gate.test", 250),
    ):
        code = rcpt(recipient)
        demand(code == wanted, f"without the database {recipient} is answered {code}, not {wanted}")
    with smtplib.SMTP("127.0.0.1", gate.port, "load.test", timeout=30) as client:
        client.sendmail("alice@sender.example", ["taro@hakone.example"], "Subject: alone\r\n\r\nx\r\n")
    until(lambda: arrived == ["taro@hakone.example"], f"arrived {arrived}")
    codes = [rcpt("taro@hakone.example") for _ in range(4)]
    demand(450 in codes, f"the limit does not hold without the database: {codes}")
    gate.kill()

    # what was kept is damaged: said, and not used
    kept = gate.home / "data/settings.cache/settings"
    octets = bytearray(kept.read_bytes())
    octets[len(octets) // 2] ^= 1
    kept.write_bytes(octets)
    gate.start()
    code = rcpt("hanako@hakone.example")
    demand(code == 451, f"with damaged settings a recipient is answered {code}, not 451")
    demand("its checksum is wrong" in (gate.home / "console.log").read_text(), "the damage is not said")
    gate.kill()

    # the database is back
    gate.config.write_text(mine)
    gate.start()
    until(lambda: rcpt("hanako@hakone.example") == 250, "with the database back, mail is not taken")
    until(lambda: rcpt("hanako@elsewhere.example") == 550, "with the database back, strangers are not refused")
    print(f"started without the database in {took:.1f} s: known 250, unknown 550, not known for certain 451; stopped with {gate.stop()}")


if __name__ == "__main__":
    main()
