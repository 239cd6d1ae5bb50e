#!/usr/bin/python3
"""Lets others verify what we sign and read what we report: dkimpy and opendkim for signatures, Python's email package for
notices.   dkim.py [FOLDER]

Signs messages made here, notices, and mail from FOLDER (the unpacked test data), each with RSA and Ed25519 in all four
canonicalizations. Each judge that can read a message must say "pass" to both signatures, and at least one must be able to read
what was made here. After a change to what was signed, or another From, Subject or To, they must say "fail". Exits 1 when one
does not. It needs the classes of mail (mvn test-compile) and Debian's python3, which has dkimpy."""
import collections
import email
import email.policy
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# this file has the name of the module that it needs
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != pathlib.Path(__file__).resolve().parent]
import dkim  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
CLASSES = f"{ROOT}/mail/target/test-classes:{ROOT}/mail/target/classes"
JAVA = os.path.join(os.environ["JAVA_HOME"], "bin", "java") if "JAVA_HOME" in os.environ else "java"
DOMAIN = "judge.example"
SETS = ["japanese", "eai", "dsn/flufl-bounce", "mime/mime4j", "mime/mail-parser-stalwart", "spam/spamassassin-tests"]
OF_A_SET = 40
BATCH = 50

HEAD = (b"From: Hanako <hanako@judge.example>\r\nTo: Alice <alice@sender.example>\r\nSubject: hello\r\n"
        b"Date: Wed, 01 Apr 2026 10:00:00 +0900\r\nMessage-ID: <1@judge.example>\r\n")

MADE = {
    "plain": HEAD + b"\r\nHello,\r\nHanako\r\n",
    "no-body": HEAD + b"\r\n",
    "empty-lines": HEAD + b"\r\n\r\n\r\n\r\n",
    "empty-lines-at-end": HEAD + b"\r\nx\r\n\r\n \r\n\t\r\n",
    "blanks": HEAD + b"\r\n a\t\tb  c \r\n\tx\t\r\n",
    "no-last-line-end": HEAD + b"\r\nHello",
    "dots": HEAD + b"\r\n.\r\n..\r\n. \r\n",
    "folded": HEAD + b"References: <a@b>\r\n\t<c@d>\r\n  <e@f>\r\nX-Long: " + b"x" * 900 + b"\r\n\r\nx\r\n",
    "trace": b"Received: from a by b; now\r\nReceived: from c by d; then\r\n" + HEAD + b"\r\nx\r\n",
    "twice": HEAD + b"Comments: one\r\nComments: two\r\nTo: bob@sender.example\r\nCc: a@b\r\nCc: c@d\r\n\r\nx\r\n",
    "empty-field": HEAD + b"Cc:\r\nReply-To: \r\nIn-Reply-To:  \t\r\n\r\nx\r\n",
    "blank-before-colon": HEAD + b"Cc : a@b\r\n\r\nx\r\n",
    "utf8-header": HEAD.replace(b"hello", "\u95a2\u6240".encode()) + b"\r\n" + "\u672c\u6587\r\n".encode(),
    "iso-2022-jp": HEAD.replace(b"hello", b"=?ISO-2022-JP?B?GyRCNFgbKEI=?=")
    + b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-2022-jp\r\n\r\n" + "\u95a2\u6240\r\n".encode("iso-2022-jp"),
    "list": HEAD + b"List-ID: <l.judge.example>\r\nList-Unsubscribe: <https://judge.example/u>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\nx\r\n",
    "signed-before": b"DKIM-Signature: v=1; a=rsa-sha256; d=other.example; s=a; h=from; bh=a=; b=a=\r\n" + HEAD + b"\r\nx\r\n",
    "large": HEAD + b"\r\n" + b"a line  of text \r\n" * 60000,
}

# dkimpy wants no blank there, and opendkim's test mode takes it away
UNREADABLE = "blank-before-colon.simple-"

# what happens to a signed message, and must be seen; HEAD stands in it as it is
CHANGES = {
    "body": lambda m: m.replace(b"\r\n\r\nHello,", b"\r\n\r\nHullo,"),
    "body longer": lambda m: m + b"more\r\n",
    "subject": lambda m: m.replace(b"Subject: hello", b"Subject: hullo"),
    "subject gone": lambda m: m.replace(b"Subject: hello\r\n", b""),
    "second From on top": lambda m: b"From: mallory@evil.example\r\n" + m,
    "second From below": lambda m: m.replace(b"Date:", b"From: mallory@evil.example\r\nDate:"),
    "second Subject": lambda m: b"Subject: other\r\n" + m,
    "second To": lambda m: b"To: other@sender.example\r\n" + m,
    "Reply-To": lambda m: b"Reply-To: mallory@evil.example\r\n" + m,
    "Content-Type": lambda m: b"Content-Type: text/html\r\n" + m,
}


def java(main, *arguments):
    done = subprocess.run([JAVA, "-cp", CLASSES, main, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{main} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def real_mail(folder):
    for name in SETS:
        files = [f for f in sorted((folder / name).rglob("*")) if f.is_file() and f.stat().st_size and f.stat().st_size < 300000
                 and not re.search(r"(README|LICENSE|COPYING|\.(tsv|json|xml|md|ya?ml|py|pl|t|rb)$)", f.name)]
        for file in files[:: max(1, len(files) // OF_A_SET)][:OF_A_SET]:
            octets = file.read_bytes()
            if octets.startswith(b"From "):
                octets = octets.partition(b"\n")[2]
            # a CR or LF alone, or NUL, is not carried by every judge
            octets = re.sub(rb"\r?\n", b"\r\n", octets).replace(b"\0", b"")
            if octets and b"\r" not in octets.replace(b"\r\n", b""):
                yield "real-" + re.sub(r"[^A-Za-z0-9]", "_", str(file.relative_to(folder))), octets


def by_dkimpy(octets, records):
    """Verdicts of both signatures, or None where it cannot read the message."""
    def dns(name, timeout=5):
        return records.get(name.decode().rstrip("."))
    try:
        return [dkim.DKIM(octets).verify(idx=i, dnsfunc=dns) for i in (0, 1)]
    except dkim.MessageFormatError:
        return None
    except dkim.DKIMException:
        return [False, False]


def opendkim_carries(file):
    """Whether opendkim's test mode hands the octets on as they are: long lines it cuts, a missing last line end it leaves
    missing, and header fields it takes apart and puts together with one blank after the colon."""
    octets = file.read_bytes()
    header = octets.partition(b"\r\n\r\n")[0] + b"\r\n"
    odd = re.search(rb"(?m)^[!-9;-~]+(:(?! [^ \t\r])|[ \t]+:)", header)
    return max(map(len, octets.split(b"\r\n"))) < 1000 and octets.endswith(b"\r\n") and not (odd and ".simple-" in file.name)


def by_opendkim(files, records, home):
    """Number of signatures that passed, by file; a file that it does not carry or read is missing."""
    keys, conf = home / "keys", home / "opendkim.conf"
    keys.write_text("".join(f"{name} {text.decode()}\n" for name, text in records.items()))
    conf.write_text(f"TestPublicKeys {keys}\nMode v\nMaximumHeaders 0\n")
    passed, asked = {}, [f for f in files if opendkim_carries(f)]
    for at in range(0, len(asked), BATCH):
        batch = asked[at:at + BATCH]
        verdicts = opendkim(conf, batch)
        if len(verdicts) < len(batch):  # it ends at a message that it cannot read
            for file in batch:
                verdicts |= opendkim(conf, [file])
        passed |= verdicts
    return passed


def opendkim(conf, files):
    done = subprocess.run(["opendkim", "-x", str(conf), "-v", "-v", "-t", ",".join(map(str, files))],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    verdicts, found = {}, 0
    for line in done.stdout.decode(errors="replace").splitlines():
        found += len(re.findall(rf"dkim=pass .*header\.d={re.escape(DOMAIN)} ", line))
        end = re.match(r"opendkim: (\S+): (.*)", line)
        if end:
            if end[2] != "message not signed":
                verdicts[pathlib.Path(end[1]).name] = found
            found = 0
    return verdicts


def judge_signatures(home, folder, notices):
    source, target = home / "in", home / "out"
    source.mkdir()
    target.mkdir()
    mails = dict(MADE)
    mails.update({"notice-" + n.name: n.read_bytes() for n in notices})
    if folder:
        mails.update(real_mail(folder))
    for name, octets in mails.items():
        (source / name).write_bytes(octets)
    unsigned = java("io.sekisho.mail.dkim.SignMessages", source, target, DOMAIN).splitlines()
    records = dict(line.split("\t") for line in (target / "records").read_text().splitlines())
    records = {name: text.encode() for name, text in records.items()}
    files = sorted(target.glob("*.eml"))
    others = by_opendkim(files, records, home)
    wrong, counts = [], collections.Counter(line.split("\t")[1] for line in unsigned)
    wrong += [f"not signed: {line}" for line in unsigned if not line.startswith("real-")]
    for file in files:
        kind = file.name.split("-")[0] if file.name.startswith(("real-", "notice-")) else "made"
        verdict = by_dkimpy(file.read_bytes(), records)
        other = others.get(file.name)
        counts[f"{kind}: dkimpy " + ("could not read" if verdict is None else "passed" if all(verdict) else "failed")] += 1
        counts[f"{kind}: opendkim " + ("not asked or could not read" if other is None else "passed" if other == 2 else "failed")] += 1
        unread = verdict is None and other is None
        if verdict is not None and not all(verdict) or other not in (None, 2) or unread and kind != "real" and not file.name.startswith(UNREADABLE):
            wrong.append(f"{file.name}: dkimpy {verdict}, opendkim {other} of 2")
    for name, count in sorted(counts.items()):
        print(f"  {count:5} {name}")
    return wrong + judge_changes(target / "plain.relaxed-relaxed.eml", records, home)


def judge_changes(file, records, home):
    original, wrong, written = file.read_bytes(), [], {}
    for number, (name, change) in enumerate(CHANGES.items()):
        changed = change(original)
        if changed == original:
            wrong.append(f"the change \"{name}\" changes nothing")
        written[name] = home / f"changed-{number}.eml"
        written[name].write_bytes(changed)
        if any(by_dkimpy(changed, records) or [True]):
            wrong.append(f"dkimpy does not see the change \"{name}\"")
    others = by_opendkim(list(written.values()), records, home)
    wrong += [f"opendkim does not see the change \"{n}\"" for n, f in written.items() if others.get(f.name) != 0]
    print(f"  {len(CHANGES):5} changes after signing")
    return wrong


# what each notice must have: type of the third part, its encoding, and how the recipient is written for programs
NOTICES = {
    "failed-full": ("message/rfc822", "rfc822; taro@arai.example"),
    "failed-hdrs": ("text/rfc822-headers", "rfc822; taro@arai.example"),
    "failed-full-utf8": ("message/rfc822", "rfc822; taro@arai.example"),
    "failed-hdrs-utf8": ("text/rfc822-headers", "rfc822; taro@arai.example"),
    "failed-hdrs-sjis": ("text/rfc822-headers", "rfc822; taro@arai.example"),
    "failed-global": ("message/global", "utf-8; \u592a\u90ce@arai.example"),
    "failed-xtext": ("message/rfc822", r"utf-8; \x{592A}\x{90CE}@arai.example"),
    "delayed": ("text/rfc822-headers", "rfc822; jiro@arai.example"),
    "mixed": ("text/rfc822-headers", "rfc822; taro@arai.example"),
}


def judge_notice(file):
    name, language = file.name.split(".")[:2]
    octets = file.read_bytes()
    message = email.message_from_bytes(octets, policy=email.policy.SMTP)
    third, recipient = NOTICES[name]
    if name != "failed-full-utf8" and name != "failed-global":
        assert octets.isascii(), "8-bit octets"
    assert all(len(line) <= 998 for line in octets.split(b"\r\n")) and b"\n" not in octets.replace(b"\r\n", b""), "lines"
    assert not message.defects, message.defects
    assert message.get_content_type() == "multipart/report", message.get_content_type()
    assert message["Content-Type"].params["report-type"] == "delivery-status"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Message-ID"] == f"<{name}.{language}@judge.example>", message["Message-ID"]
    assert message["In-Reply-To"] == message["References"] == "<1@judge.example>"
    assert message["To"].addresses[0].addr_spec == "hanako@judge.example"
    assert message["From"].addresses[0].addr_spec == "MAILER-DAEMON@judge.example"
    assert message["Date"].datetime.isoformat() == "2026-04-01T10:02:03+09:00", message["Date"]
    word = {"delayed": ("\u914d\u9001\u5f85\u3061", "Not delivered yet")}.get(name, ("\u4e0d\u9054", "Not delivered"))
    assert (word[0] in message["Subject"]) == (language != "english"), message["Subject"]
    assert (word[1] in message["Subject"]) == (language != "japanese"), message["Subject"]
    human, status, returned = message.iter_parts()
    text = human.get_content()
    assert human.get_content_type() == "text/plain"
    assert ("\u539f\u56e0: " in text) == (language != "english") and ("Why: " in text) == (language != "japanese"), text
    assert status.get_content_type() == ("message/global-delivery-status" if name == "failed-global" else "message/delivery-status")
    body = octets.split(b"delivery-status\r\n")[1].split(b"\r\n\r\n", 1)[1].split(b"\r\n--=_")[0].decode()
    groups = [email.message_from_string(group) for group in body.split("\r\n\r\n")]
    assert groups[0]["Reporting-MTA"] == "dns; judge.example" and groups[0]["Original-Envelope-Id"] == "env+1"
    assert len(groups) == (4 if name == "mixed" else 2), groups
    assert groups[1]["Final-Recipient"] == recipient or recipient in body, body
    assert groups[1]["Status"] == ("4.4.1" if name == "delayed" else "5.1.1")
    assert groups[1]["Action"] == ("delayed" if name == "delayed" else "failed")
    assert returned.get_content_type() == third, returned.get_content_type()
    if name == "failed-full-utf8":
        assert "\u672c\u6587".encode() in octets and "Subject: \u4ef6\u540d".encode() in octets
    if name == "failed-hdrs-utf8":
        assert "Subject: \u4ef6\u540d" in returned.get_content(), returned.get_content()
    if name == "failed-hdrs-sjis":
        assert returned.get_payload(decode=True).count("\u4ef6\u540d".encode("shift_jis")) == 1
    if third == "message/rfc822":
        assert returned.get_content()["Message-ID"] == "<1@judge.example>"


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None
    home = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-judge-"))
    (home / "notices").mkdir()
    java("io.sekisho.mail.report.WriteNotices", home / "notices")
    notices = sorted((home / "notices").glob("*.eml"))
    wrong = []
    for notice in notices:
        try:
            judge_notice(notice)
        except AssertionError as e:
            wrong.append(f"{notice}: line {e.__traceback__.tb_lineno}: {e}")
    print(f"  {len(notices):5} notices")
    if len(notices) != 3 * len(NOTICES):
        wrong.append("notices are missing")
    wrong += judge_signatures(home, folder, notices)
    for line in wrong:
        print(line)
    sys.exit(1 if wrong else 0)


main()
