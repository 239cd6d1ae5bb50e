#!/usr/bin/env python3
"""Other people's programs against ours: swaks, smtplib and Postfix's smtp-source as clients, Postfix's smtp-sink as the server
behind.   talk.py       exits 1 when one is not served, 3 when one is not installed."""
import os
import shutil
import smtplib
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate import Gate, free_port  # noqa: E402

SBIN = os.environ.get("PATH", "") + ":/usr/sbin:/usr/lib/postfix/sbin"


def tool(name):
    found = shutil.which(name, path=SBIN)
    if not found:
        print(f"talk: {name} is not installed")
        sys.exit(3)
    return found


EXPECTED = 2000 + 2 + 5


def delivered(gate):
    log = gate.home / "data/log/mail.log"
    return log.read_text().count(" delivered id=") if log.exists() else 0


def wait_for(port):
    end = time.time() + 20
    while time.time() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("talk: smtp-sink does not listen")


def main():
    swaks, source, sink = tool("swaks"), tool("smtp-source"), tool("smtp-sink")
    port = free_port()
    dump = subprocess.Popen([sink, *(["-u", "nobody"] if os.getuid() == 0 else []), "-c", f"127.0.0.1:{port}", "1000"], stdout=subprocess.DEVNULL)
    wait_for(port)
    gate = Gate(port)
    gate.start()
    try:
        with smtplib.SMTP("127.0.0.1", gate.port, "client.test") as client:
            client.sendmail("alice@sender.example", ["hanako@gate.test", "taro@gate.test"], "Subject: smtplib\r\n\r\n.dot\r\n")
            try:
                client.sendmail("alice@sender.example", ["someone@elsewhere.example"], "Subject: relay\r\n\r\n")
                raise SystemExit("talk: relayed to a stranger")
            except smtplib.SMTPRecipientsRefused as refused:
                print("smtplib: served, relay refused:", list(refused.recipients.values())[0])
        base = [swaks, "--server", f"127.0.0.1:{gate.port}", "--from", "alice@sender.example", "--to", "hanako@gate.test"]
        for more in ([], ["--pipeline"], ["--from", "<>"], ["--protocol", "SMTP"], ["--attach", sys.argv[0]]):
            done = subprocess.run(base + more, capture_output=True, text=True)
            if done.returncode:
                raise SystemExit(f"talk: swaks {more} failed\n{done.stdout}{done.stderr}")
        print("swaks: served plain, pipelined, from <>, HELO, with attachment")
        began = time.time()
        subprocess.run(
            [source, "-m", "2000", "-s", "20", "-l", "10240", "-f", "a@sender.example", "-t", "b@gate.test", f"127.0.0.1:{gate.port}"],
            check=True,
        )
        print(f"smtp-source: 2000 messages in {time.time() - began:.1f} s")
        end = time.time() + 60
        while delivered(gate) < EXPECTED and time.time() < end:
            time.sleep(0.2)
    finally:
        code = gate.stop()
        dump.terminate()
    if code:
        raise SystemExit(f"talk: stopped with {code}")
    print(f"smtp-sink took {delivered(gate)} recipients")
    if delivered(gate) != EXPECTED:
        raise SystemExit(f"talk: {delivered(gate)} delivered, {EXPECTED} expected")


main()
