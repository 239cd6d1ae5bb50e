#!/usr/bin/env python3
"""Other people's programs against ours: swaks, smtplib and Postfix's smtp-source as clients, Postfix's smtp-sink as the server
behind.   talk.py       exits 1 when one is not served, 3 when one is not installed."""
import os
import shutil
import smtplib
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


def main():
    swaks, source, sink = tool("swaks"), tool("smtp-source"), tool("smtp-sink")
    port = free_port()
    dump = subprocess.Popen([sink, "-c", f"127.0.0.1:{port}", "1000"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
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
    finally:
        code = gate.stop()
        dump.terminate()
    if code:
        raise SystemExit(f"talk: stopped with {code}")
    log = (gate.home / "data/log/mail.log").read_text()
    delivered = log.count("delivered ")
    print(f"smtp-sink took {delivered} recipients")
    if delivered != 2000 + 2 + 5:
        raise SystemExit(f"talk: {delivered} delivered, {2000 + 7} expected")


main()
