#!/usr/bin/env python3
"""Sends real mail through the program and compares, octet by octet, what arrives.   realmail.py FOLDER [SET ...]

FOLDER is the unpacked test data; sets default to the spam, Japanese and MIME sets. Mbox "From " lines are stripped, lines are
ended by CR LF as any client does; bare CR is left as it is. A message arrives the same but for our header field in front, or
is refused in the dialogue with a reason. Prints a table; exits 1 when a message is lost or changed."""
import collections
import os
import pathlib
import re
import socket
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate import Gate, free_port  # noqa: E402
from sink import Sink  # noqa: E402

SETS = ["spam/spamassassin-public", "spam/usrp-users-ham", "japanese", "mime", "dsn", "eai", "smtp/haraka-mails"]
NOT_MAIL = re.compile(r"(README|INDEX|LICENSE|COPYING|\.tsv$|\.json$|\.xml$|\.md$|\.ya?ml$|\.py$|\.pl$|\.t$|\.rb$)")
SENDERS = 4


def mails(folder):
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.stat().st_size and not NOT_MAIL.search(file.name):
            octets = file.read_bytes()
            if octets.startswith(b"From "):
                octets = octets.partition(b"\n")[2]
            octets = re.sub(rb"\r?\n", b"\r\n", octets)
            if octets:
                yield file, octets if octets.endswith(b"\r\n") else octets + b"\r\n"


class Client:
    """Just enough SMTP to send octets as they are."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), 60)
        self.file = self.socket.makefile("rb")
        self.reply()
        self.say(b"EHLO client.test")

    def reply(self):
        while True:
            line = self.file.readline()
            if not line:
                raise ConnectionError("closed")
            if line[3:4] != b"-":
                return line.decode().strip()

    def say(self, line):
        self.socket.sendall(line + b"\r\n")
        return self.reply()

    def send(self, sender, octets):
        body = b" BODY=8BITMIME" if any(o > 127 for o in octets) else b""
        for line in (b"MAIL FROM:<" + sender + b">" + body, b"RCPT TO:<hanako@gate.test>", b"DATA"):
            answer = self.say(line)
            if answer[0] not in "23":
                self.say(b"RSET")
                return answer
        stuffed = octets.replace(b"\r\n.", b"\r\n..")
        self.socket.sendall((b"." if stuffed.startswith(b".") else b"") + stuffed + b".\r\n")
        return self.reply()


def main():
    folder = pathlib.Path(sys.argv[1])
    sets = sys.argv[2:] or SETS
    sink = Sink(free_port())
    gate = Gate(sink.port)
    gate.start()
    work = collections.deque()
    for name in sets:
        for file, octets in mails(folder / name):
            work.append((name, file, octets))
    sent, refused, lock = {}, collections.defaultdict(collections.Counter), threading.Lock()
    total, number = len(work), iter(range(len(work)))
    print(f"realmail: {total} messages from {len(sets)} sets", flush=True)

    def run():
        client = Client(gate.port)
        while True:
            with lock:
                if not work:
                    return
                name, file, octets = work.popleft()
                sender = b"n%d@sender.example" % next(number)
            try:
                answer = client.send(sender, octets)
            except OSError:  # the server ends a session after so many refusals
                client = Client(gate.port)
                answer = client.send(sender, octets)
            with lock:
                if answer.startswith("250"):
                    sent[sender.decode()] = (name, file, octets)
                else:
                    refused[name][re.sub(r"[0-9a-f-]{36}", "…", answer)] += 1

    threads = [threading.Thread(target=run) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    end = time.time() + 120
    while len(sink.received) < len(sent) and time.time() < end:
        time.sleep(0.2)
    same, changed = collections.Counter(), []
    got = collections.Counter()
    for sender, _, octets in sink.received:
        name, file, original = sent[sender]
        got[sender] += 1
        field = re.match(rb"Received: [^\r]*\r\n(?:[ \t][^\r]*\r\n)*", octets)
        # the field is folded; the original's own first line could only be swallowed when it begins with a blank
        cut = len(octets) - len(original)
        if field and cut > 0 and octets[cut:] == original and octets[:cut].startswith(b"Received: from client.test"):
            same[name] += 1
        else:
            changed.append(file)
    lost = [sent[s][1] for s in sent if s not in got]
    code = gate.stop()
    print(f"{'set':28} {'taken':>7} {'the same':>9} {'refused':>8}")
    for name in sets:
        taken = sum(1 for s in sent.values() if s[0] == name)
        print(f"{name:28} {taken:7} {same[name]:9} {sum(refused[name].values()):8}")
        for answer, count in refused[name].most_common():
            print(f"{'':28} refused {count}: {answer}")
    print(f"lost {len(lost)} {[str(f) for f in lost[:5]]}")
    print(f"changed {len(changed)} {[str(f) for f in changed[:5]]}")
    print(f"twice {sum(1 for s in got if got[s] > 1)}; stopped with {code}")
    sys.exit(1 if lost or changed or code else 0)


main()
