#!/usr/bin/env python3
"""Postfix sends through the program, and Postfix is the server behind it: with TLS wherever it may be, with every extension and
without each of them, willing and unwilling.   postfix.py [MESSAGES=300]

Each message arrives octet for octet but for trace fields, or is held or put off with the reason that is due. Exits 1 when one does
not. Only root can start Postfix: for others it says so and does nothing."""
import collections
import os
import re
import smtplib
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate import ROOT, Gate, free_port  # noqa: E402
from mta import Postfix  # noqa: E402

LINE = b"0123456789" * 7 + b"\r\n"
HEAD = b"From: Alice <alice@sender.example>\r\nTo: somebody\r\nDate: Wed, 25 Nov 2026 12:00:00 +0900\r\nMessage-ID: <%d@sender.example>\r\n"
JAPANESE = "箱根の関所を通ります。\r\n".encode() * 20
EIGHT = ["BODY=8BITMIME"]
UTF8 = ["SMTPUTF8", *EIGHT]
TRACE = {b"return-path", b"x-original-to", b"delivered-to", b"received"}

# name: recipients, header fields, body, parameters of MAIL, parameters of RCPT, sender
KINDS = {
    "plain": (["hanako@full.test"], b"Subject: plain\r\n", b"Hello.\r\n"),
    "dots": (["hanako@full.test"], b"Subject: dots\r\n", b".\r\n..\r\n.x\r\n...\r\n. \r\nFrom here\r\n.\r\n"),
    "8-bit": (["hanako@full.test"], b"Subject: body\r\nContent-Type: text/plain; charset=utf-8\r\n", JAPANESE, EIGHT),
    "8-bit octets": (["hanako@full.test"], b"Subject: octets\r\n", bytes(o for o in range(128, 256)) + b"\r\n", EIGHT),
    "8-bit header": (["hanako@full.test"], "Subject: 件名\r\n".encode(), b"x\r\n", EIGHT),
    "smtputf8": (["花子@full.test", "hanako@full.test"], "Subject: 件名\r\n".encode(), JAPANESE, UTF8),
    "smtputf8 sender": (["hanako@full.test"], "Subject: 件名\r\n".encode(), b"x\r\n", UTF8, [], "アリス@sender.example"),
    "long line": (["hanako@full.test"], b"Subject: long\r\n", b"x" * 5000 + b"\r\n" + b"y" * 998 + b"\r\n"),
    "long header": (["hanako@full.test"], b"References:" + b"\r\n <abcdefghijklmnopqrstuvwxyz@sender.example>" * 90 + b"\r\n", b"x\r\n"),
    "blanks": (["hanako@full.test"], b"Subject: \t blanks \t\r\n", b" a\t\tb  \r\n\t\r\n\r\n\r\n"),
    "no body": (["hanako@full.test"], b"Subject: no body\r\n", b""),
    "large": (["hanako@full.test"], b"Subject: large\r\n", LINE * 10_000),
    "null sender": (["hanako@full.test"], b"Subject: notice\r\n", b"x\r\n", [], [], ""),
    "many": ([f"user{n}@full.test" for n in range(30)], b"Subject: many\r\n", b"x\r\n"),
    "quoted": (['"a b"@full.test'], b"Subject: quoted\r\n", b"x\r\n"),
    "secure": (["hanako@full.test"], b"Subject: secure\r\n", LINE * 50, [], [], "secure@sender.example"),
    "must": (["hanako@tls.test"], b"Subject: must be TLS\r\n", LINE * 20),
    "plaintext": (["hanako@plain.test"], b"Subject: no TLS\r\n", JAPANESE, EIGHT),
    "7-bit server": (["hanako@seven.test"], b"Subject: to 7 bit\r\n", LINE * 20),
    "old server": (["hanako@old.test"], b"Subject: to an old server\r\n", JAPANESE, EIGHT),
    "other tenant": (["misaki@arai.test"], b"Subject: the other tenant\r\n", LINE),
}
# a recipient: what becomes of the message, a word of the reason, and what is special about the message
UNWILLING = {
    "later@moody.test": ("deferred", "450 4.2.0 "),
    "never@moody.test": ("held", "550 5.7.1 "),
    "nobody@moody.test": ("held", "550 5.1.1 "),
    "eight@seven.test": ("held", "554 5.6.3 ", (b"Subject: 8 bit\r\n", JAPANESE, EIGHT)),
    "花子@old.test": ("held", "550 5.6.9 ", (b"Subject: x\r\n", JAPANESE, UTF8)),
    "header@old.test": ("held", "550 5.6.9 ", ("Subject: 件名\r\n".encode(), b"x\r\n", UTF8)),
}


def demand(condition, text):
    if not condition:
        raise SystemExit(f"postfix: FAILED: {text}")


def until(condition, seconds):
    end = time.time() + seconds
    while not (so := condition()) and time.time() < end:
        time.sleep(0.2)
    return so


def certificates(home):
    """An authority, and what it says of our server and of the one behind."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=home)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
            "-days", "30", "-subj", "/CN=Judge")
    for name in ("gate.test", "in.test"):
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr",
                "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "20",
                "-copy_extensions", "copy", "-out", f"{name}.pem")


def receiver(certified):
    """Postfix behind us. Returns it and the port of each of its moods."""
    postfix = Postfix("in")
    ports = {mood: free_port() for mood in ("full", "tls", "plain", "seven", "old", "moody")}
    postfix.main.update({
        "smtpd_tls_cert_file": certified / "in.test.pem",
        "smtpd_tls_key_file": certified / "in.test.key",
        "smtpd_tls_security_level": "may",
        "smtpd_tls_received_header": "yes",
        "virtual_mailbox_domains": " ".join(f"{mood}.test" for mood in ports) + " arai.test sender.example",
        "virtual_mailbox_base": postfix.mail,
        "virtual_mailbox_maps": postfix.table("mailboxes", [
            *(f"@{mood}.test {mood}/" for mood in ports if mood not in ("moody", "tls")),
            "@arai.test arai/", "@sender.example sender/", "hanako@tls.test tls/",
            *(f"{local}@moody.test moody/" for local in ("later", "never", "known"))]),
        "virtual_uid_maps": "static:65534",
        "virtual_gid_maps": "static:65534",
        "virtual_transport": "virtual",
        "smtpd_recipient_restrictions": "permit_mynetworks, reject",
    })
    moods = postfix.table("moods", ["later@moody.test 450 4.2.0 the mailbox is being moved", "never@moody.test 550 5.7.1 go away"])
    for mood, options in {
        "full": {},
        "tls": {"smtpd_tls_security_level": "encrypt"},
        "plain": {"smtpd_tls_security_level": "none", "smtpd_discard_ehlo_keywords": "chunking"},
        "seven": {"smtpd_discard_ehlo_keywords": "8bitmime, smtputf8, chunking, pipelining"},
        "old": {"smtputf8_enable": "no", "smtpd_discard_ehlo_keywords": "chunking, dsn, enhancedstatuscodes"},
        "moody": {"smtpd_recipient_restrictions": f"check_recipient_access {moods}, permit_mynetworks, reject"},
    }.items():
        postfix.service(f"127.0.0.1:{ports[mood]}", "smtpd", **options)
    return postfix.start(), ports


def sender(gate, certified):
    """Postfix in front of us, and its port."""
    postfix, port = Postfix("out"), free_port()
    next_hop = f"[127.0.0.1]:{gate.port}"
    postfix.main.update({
        "default_transport": f"smtp:{next_hop}",
        "sender_dependent_default_transport_maps": postfix.table("senders", [f"secure@sender.example secure:{next_hop}"]),
        "smtp_tls_security_level": "encrypt",
        "smtp_tls_CAfile": certified / "ca.pem",
        "smtp_tls_loglevel": "1",
        "smtpd_relay_restrictions": "permit_mynetworks, reject",
    })
    postfix.service(f"127.0.0.1:{port}", "smtpd")
    postfix.service("secure", "smtp", smtp_tls_security_level="secure", smtp_tls_secure_cert_match="gate.test")
    return postfix.start(), port


class Sent:
    """What was given to the sender, by number: name, recipients and octets."""

    def __init__(self, port):
        self.port, self.mails = port, {}

    def send(self, name, recipients, head, body, mail=(), rcpt=(), sender="alice@sender.example"):
        n = len(self.mails)
        octets = b"X-Judge: %d.\r\n" % n + HEAD % n + head + b"\r\n" + body
        with smtplib.SMTP("127.0.0.1", self.port, "client.test", timeout=30) as client:
            refused = client.sendmail(sender, recipients, octets, list(mail), list(rcpt))
        demand(not refused, f"{name}: the sending Postfix refused {refused}")
        self.mails[n] = (name, recipients, octets)


def compare(postfix, sent):
    """Each copy in the mailboxes against what was sent. Counts of copies by number."""
    copies, changed = collections.Counter(), []
    for mailbox in ("full", "tls", "plain", "seven", "old", "moody", "arai"):
        for octets in postfix.mails(mailbox):
            number = int(re.search(rb"^X-Judge: (\d+)\.$", octets, re.M).group(1))
            name, _, original = sent.mails[number]
            wanted = original.replace(b"\r\n", b"\n")
            front = octets[: len(octets) - len(wanted)]
            fields = {field.split(b":")[0].lower() for field in re.sub(rb"\n[ \t]", b" ", front).splitlines()}
            ours = b"by gate.test (Sekisho) with " in front
            if not octets.endswith(wanted) or not fields <= TRACE or not ours:
                changed.append(name)
            over_tls = b"(using TLSv1." in front.split(b"by gate.test")[0]
            demand(over_tls != (mailbox == "plain"), f"{name}: TLS to {mailbox}: {front.decode(errors='replace')}")
            copies[number] += 1
    demand(not changed, f"changed on the way: {changed}")
    return copies


def call_forward(gate, port):
    """A domain whose recipients are asked of a server that wants TLS before it answers."""
    def run(*words):
        done = subprocess.run([str(ROOT / "sekisho"), words[0], "--config", str(gate.config), *words[1:]],
                              capture_output=True, text=True, timeout=60, cwd=gate.home, stdin=subprocess.DEVNULL)
        return done.returncode, done.stdout + done.stderr

    def sekisho(*words):
        code, said = run(*words)
        demand(code == 0, f"{words}: {said}")

    def codes():
        with smtplib.SMTP("127.0.0.1", gate.port, "client.test", timeout=30) as client:
            client.ehlo()
            client.mail("alice@sender.example")
            return [client.rcpt(f"{local}@tls.test")[0] for local in ("hanako", "nobody")]

    # at first the database may still be in the making
    demand(until(lambda: run("tenant", "create", "asking", "Asking")[0] == 0, 180), "no tenant can be made")
    sekisho("domain", "claim", "asking", "tls.test")
    sekisho("route", "add", "asking", "tls.test", f"127.0.0.1:{port}")
    sekisho("domain", "unlisted", "asking", "tls.test", "asked")
    sekisho("domain", "prove", "asking", "tls.test", "--evidence", "the judge says so")
    demand(until(lambda: codes() == [250, 550], 15), f"recipients asked of a server that wants TLS: {codes()}")


def judge_log(gate, copies):
    """What our log says about TLS and about those who did not want the mail."""
    lines = (gate.home / "data/log/mail.log").read_text().splitlines()
    accepted = [line for line in lines if " accepted id=" in line]
    delivered = [line for line in lines if " delivered id=" in line]
    demand(len(delivered) == copies, f"{len(delivered)} lines of deliveries, {copies} copies")
    demand(all(' tls="TLSv1.3 ' in line for line in accepted), "accepted without TLS")
    plain = [line for line in delivered if "@plain.test>" in line]
    demand(plain and not any(" tls=" in line for line in plain), "TLS to a server that offers none")
    demand(all(' tls="TLSv1.3 ' in line for line in delivered if line not in plain), "delivered without TLS")
    for recipient, (event, word, *_) in UNWILLING.items():
        found = [line for line in lines if f" {event} id=" in line and f"to=<{recipient}>" in line and word in line]
        demand(found, f"{recipient} is not {event} with {word}: {[line for line in lines if recipient in line]}")
        print(f"  {found[-1].split(' ', 1)[1][:150]}")
    return len(accepted), len(delivered)


def main():
    if os.geteuid() != 0:
        print("postfix: not run, only root can start Postfix")
        return
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    gate = Gate(free_port(), "net.allowed = 127.0.0.0/8\n")
    certificates(gate.home)
    gate.config.write_text(gate.config.read_text() + f"tls.certificate = {gate.home}/gate.test.pem\ntls.key = {gate.home}/gate.test.key\n")
    behind, ports = receiver(gate.home)
    (gate.home / "routes.conf").write_text(
        "".join(f"{mood}.test  hakone  127.0.0.1:{port}  recipients=*\n" for mood, port in ports.items() if mood != "tls")
        + f"arai.test  arai  127.0.0.1:{ports['full']}  recipients=*\n")
    gate.start()
    front, port = sender(gate, gate.home)
    call_forward(gate, ports["tls"])
    sent = Sent(port)
    for recipient, (_, _, *special) in UNWILLING.items():
        sent.send(recipient, [recipient], *(special[0] if special else (b"Subject: unwilling\r\n", b"x\r\n")))
    unwilling = len(sent.mails)
    sent.send("dsn", ["hanako@full.test"], b"Subject: notice wanted\r\n", b"x\r\n", ["RET=HDRS", "ENVID=judge+201"],
              ["NOTIFY=SUCCESS", "ORCPT=rfc822;first@full.test"], "dsn@sender.example")
    sent.send("two tenants", ["hanako@full.test", "misaki@arai.test"], b"Subject: two tenants\r\n", b"x\r\n")
    names = list(KINDS)
    while len(sent.mails) < messages:
        name = names[len(sent.mails) % len(names)]
        sent.send(name, *KINDS[name])
    wanted = {n: len(recipients) for n, (_, recipients, _) in sent.mails.items() if n >= unwilling}
    total = sum(wanted.values())

    def arrived():
        return sum(len(behind.mails(m)) for m in ("full", "tls", "plain", "seven", "old", "moody", "arai"))

    demand(until(lambda: arrived() >= total and front.queued() == 0, 90),
           f"{arrived()} of {total} have arrived, {front.queued()} are still with the sender:\n{front.said()[-3000:]}")
    copies = compare(behind, sent)
    wrong = {sent.mails[n][0]: (copies[n], count) for n, count in wanted.items() if copies[n] != count}
    demand(not wrong and sum(copies.values()) == total, f"copies and recipients: {wrong}, {sum(copies.values())} and {total}")
    notice = "Original-Envelope-Id: judge 1", "Original-Recipient: rfc822;first@full.test", "Action: delivered"
    demand(until(lambda: any(all(word.encode() in mail for word in notice) for mail in behind.mails("sender")), 10),
           f"the notice that was asked for: {[mail.decode(errors='replace') for mail in behind.mails('sender')][:2]}")
    accepted, delivered = judge_log(gate, total)
    said = front.said()
    for word in ("Verified TLS connection established", "Trusted TLS connection established"):
        demand(word in said, f"the sender does not say: {word}")
    demand("status=bounced" not in said, "the sender bounced something")
    demand("452 4.5.3" in said, "the second tenant was not put off")
    code = gate.stop()
    # Postfix sums up at the end of a connection, and ours are kept until we stop
    demand(until(lambda: all(f" {way}=" in behind.said() for way in ("bdat", "data")), 30),
           "both ways of sending the content were wanted")
    print(f"postfix {subprocess.run(['/usr/sbin/postconf', '-dh', 'mail_version'], capture_output=True, text=True).stdout.strip()}: "
          f"{len(sent.mails)} messages of {len(KINDS) + 2} kinds in TLS; accepted {accepted} times, {delivered} copies delivered, the "
          f"same octet for octet; {unwilling} held or put off; notice of success with its envelope id; stopped with {code}")
    demand(code == 0, "it did not stop well")


main()
