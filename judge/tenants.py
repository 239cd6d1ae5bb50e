#!/usr/bin/env python3
"""Two customers set up by the operator's commands while the program runs: each change works within five seconds, without a
restart.   tenants.py       exits 1 when one does not."""
import os
import smtplib
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate import ROOT, Gate, free_port  # noqa: E402
from sink import Sink  # noqa: E402

IN_FORCE = 5.0


def main():
    first, second, arrived = free_port(), free_port(), []
    Sink(first, keep=False, on_message=lambda sender, rcpts, octets: arrived.append(("first", rcpts[0])))
    gate = Gate(first, "net.allowed = 127.0.0.0/8\n")
    gate.start()

    def sekisho(*words, code=0):
        done = subprocess.run(
            [str(ROOT / "sekisho"), words[0], "--config", str(gate.config), *words[1:]],
            capture_output=True, text=True, timeout=60, cwd=gate.home, stdin=subprocess.DEVNULL,
        )
        if done.returncode != code:
            raise SystemExit(f"tenants: sekisho {' '.join(words)}: {done.returncode} {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def rcpt(*recipients):
        """The replies to the recipients, in one mail transaction."""
        with smtplib.SMTP("127.0.0.1", gate.port, "load.test", timeout=30) as client:
            client.ehlo()
            client.mail("alice@sender.example")
            return [client.rcpt(r)[0] for r in recipients]

    worst = 0.0

    def until(wanted, *recipients):
        nonlocal worst
        began = time.time()
        while (codes := rcpt(*recipients)) != wanted:
            if time.time() - began > IN_FORCE:
                raise SystemExit(f"tenants: {recipients} is answered {codes}, not {wanted}, after {IN_FORCE} s")
            time.sleep(0.1)
        worst = max(worst, time.time() - began)

    began = time.time()
    while "there is no tenant" not in (said := sekisho_try(gate, "tenant", "contract", "nobody")):
        if time.time() - began > 60:
            raise SystemExit(f"tenants: the database does not come up: {said}")
    sekisho("tenant", "create", "hakone", "箱根旅館")
    sekisho("domain", "claim", "hakone", "ｈａｋｏｎｅ．example")
    until([451], "hanako@hakone.example")
    sekisho("route", "add", "hakone", "hakone.example", f"127.0.0.1:{second}", "--preference", "10")
    sekisho("route", "add", "hakone", "hakone.example", f"127.0.0.1:{first}", "--preference", "20")
    sekisho("recipient", "add", "hakone", "hakone.example", "hanako", "taro@hakone.example")
    sekisho("domain", "prove", "hakone", "hakone.example", "--evidence", "the judge says so")
    until([250, 250, 550], "hanako@hakone.example", "taro@hakone.example", "nobody@hakone.example")
    sekisho("tenant", "create", "arai", "Arai")
    sekisho("domain", "claim", "arai", "arai.example")
    sekisho("domain", "prove", "arai", "arai.example", "--evidence", "the judge says so")
    sekisho("domain", "unlisted", "arai", "arai.example", "everyone")
    until([250, 452], "misaki@arai.example", "hanako@hakone.example")
    sekisho("tenant", "plus-addressing", "hakone", "on")
    until([250], "hanako+shop@hakone.example")
    sekisho("tenant", "contract", "hakone", "--messages-per-minute-per-recipient", "1")
    until([450], "hanako@hakone.example")
    until([250], "taro@hakone.example")
    sekisho("tenant", "contract", "hakone", "--messages-per-minute-per-recipient", "none")
    until([250], "hanako@hakone.example")
    sekisho("tenant", "suspend", "hakone")
    until([451], "hanako@hakone.example")
    sekisho("tenant", "resume", "hakone")
    until([250], "hanako@hakone.example")

    def send(number, recipient="hanako@hakone.example"):
        with smtplib.SMTP("127.0.0.1", gate.port, "load.test", timeout=30) as client:
            client.sendmail("alice@sender.example", [recipient], f"Subject: {number}\r\n\r\nx\r\n")

    def arrive(wanted):
        end = time.time() + 60
        while arrived != wanted:
            if time.time() > end:
                raise SystemExit(f"tenants: arrived {arrived}, not {wanted}")
            time.sleep(0.05)

    # the preferred server is down: the other one gets the mail at once
    send(1)
    arrive([("first", "hanako@hakone.example")])
    # it is up again: it is asked when its wait is over
    Sink(second, keep=False, on_message=lambda sender, rcpts, octets: arrived.append(("second", rcpts[0])))
    end = time.time() + 60
    while ("second", "hanako@hakone.example") not in arrived:
        if time.time() > end:
            raise SystemExit("tenants: the preferred server gets no mail again")
        send(2)
        time.sleep(1)
    # who is not listed is asked about at the server, and learned
    sekisho("domain", "unlisted", "hakone", "hakone.example", "learned", "--days", "1")
    until([250], "saburo@hakone.example")
    end = time.time() + 30
    while "saburo" not in sekisho("recipient", "list", "hakone", "hakone.example"):
        if time.time() > end:
            raise SystemExit("tenants: a learned recipient is not listed")
    if "_domainkey.gate.test. IN TXT" not in (said := sekisho("dkim")):
        raise SystemExit(f"tenants: the records of our keys: {said}")
    refused = sekisho("domain", "claim", "arai", "hakone.example") + sekisho(
        "domain", "prove", "arai", "hakone.example", "--evidence", "x", code=65)
    if "another tenant" not in refused or "hakone " in refused:
        raise SystemExit(f"tenants: the second proof of a domain: {refused}")
    audit = sekisho("audit", "hakone")
    if not all(word in audit for word in ("Create", "ProveDomain", "the judge says so", "sekisho learning")):
        raise SystemExit(f"tenants: the audit: {audit}")
    print(sekisho("tenant", "list") + sekisho("domain", "list", "hakone"), end="")
    print(f"every change in force within {worst:.1f} s; stopped with {gate.stop()}")


def sekisho_try(gate, *words):
    done = subprocess.run(
        [str(ROOT / "sekisho"), words[0], "--config", str(gate.config), *words[1:]],
        capture_output=True, text=True, timeout=60, cwd=gate.home, stdin=subprocess.DEVNULL,
    )
    return done.stdout + done.stderr


if __name__ == "__main__":
    main()
