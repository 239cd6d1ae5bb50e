#!/usr/bin/env python3
"""Other people's programs against ours: swaks, smtplib, openssl and Postfix's smtp-source as clients, Postfix's smtp-sink as the
server behind.   talk.py       exits 1 when one is not served, 3 when one is not installed."""
import os
import shutil
import smtplib
import socket
import ssl
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


EXPECTED = 2000 + 2 + 5 + 3


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


def unverified():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def smtplib_tls(port):
    """A message in TLS 1.3, and another in TLS 1.2."""
    for version in (ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2):
        context = unverified()
        context.maximum_version = version
        with smtplib.SMTP("127.0.0.1", port, "client.test") as client:
            client.starttls(context=context)
            if client.ehlo()[0] != 250 or client.has_extn("starttls"):
                raise SystemExit("talk: EHLO inside TLS is wrong")
            client.sendmail("alice@sender.example", ["hanako@gate.test"], "Subject: smtplib in TLS\r\n\r\n" + "text\r\n" * 10000)
            print("smtplib: served in", client.sock.version(), client.sock.cipher()[0])


def openssl(program, port, *options):
    """One conversation of openssl s_client, with its QUIT. Returns all it said."""
    done = subprocess.run(
        [program, "s_client", "-starttls", "smtp", "-connect", f"127.0.0.1:{port}", "-crlf", "-ign_eof", *options],
        input="QUIT\n", capture_output=True, text=True, timeout=30,
    )
    return done.stdout + done.stderr


def openssl_tls(program, port, home):
    said = openssl(program, port, "-tls1_3")
    if "TLSv1.3" not in said or "id-ecPublicKey" not in said and "EC" not in said:
        raise SystemExit(f"talk: openssl in TLS 1.3\n{said}")
    session = home / "session.pem"
    for version in ("-tls1_2", "-tls1_3"):
        # TLS 1.3 gives the ticket behind the handshake: it is there when QUIT has been answered
        openssl(program, port, version, "-sess_out", str(session))
        again = openssl(program, port, version, "-sess_in", str(session))
        if "Reused, TLSv1" not in again:
            raise SystemExit(f"talk: openssl {version} did not resume\n{again}")
    old = openssl(program, port, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
    if "protocol version" not in old:
        raise SystemExit(f"talk: TLS 1.1 was not refused\n{old}")
    print("openssl: TLS 1.3, sessions of TLS 1.2 and 1.3 resumed, TLS 1.1 refused")


def injected(port):
    """Plaintext behind STARTTLS ends the session."""
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        lines = s.makefile("rb")
        lines.readline()
        s.sendall(b"EHLO mallory.test\r\n")
        while not lines.readline().startswith(b"250 "):
            pass
        s.sendall(b"STARTTLS\r\nMAIL FROM:<mallory@sender.example>\r\n")
        said = lines.read()
        if not said.startswith(b"554 5.5.1") or said.count(b"\r\n") != 1:
            raise SystemExit(f"talk: plaintext behind STARTTLS gave {said}")
        print("plaintext behind STARTTLS:", said.decode().strip())


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
        expected = EXPECTED
        done = subprocess.run(base + ["-tls"], capture_output=True, text=True)
        if "requires Net::SSLeay" in done.stdout + done.stderr:
            expected -= 1
            print("swaks: TLS was not spoken with it, libnet-ssleay-perl is not installed")
        elif done.returncode or "TLS started with cipher TLSv1.3" not in done.stdout:
            raise SystemExit(f"talk: swaks -tls failed\n{done.stdout}{done.stderr}")
        else:
            print("swaks: served in TLS")
        smtplib_tls(gate.port)
        openssl_tls(tool("openssl"), gate.port, gate.home)
        injected(gate.port)
        began = time.time()
        subprocess.run(
            [source, "-m", "2000", "-s", "20", "-l", "10240", "-f", "a@sender.example", "-t", "b@gate.test", f"127.0.0.1:{gate.port}"],
            check=True,
        )
        print(f"smtp-source: 2000 messages in {time.time() - began:.1f} s")
        end = time.time() + 60
        while delivered(gate) < expected and time.time() < end:
            time.sleep(0.2)
    finally:
        code = gate.stop()
        dump.terminate()
    if code:
        raise SystemExit(f"talk: stopped with {code}")
    print(f"smtp-sink took {delivered(gate)} recipients")
    if delivered(gate) != expected:
        raise SystemExit(f"talk: {delivered(gate)} delivered, {expected} expected")


main()
