#!/usr/bin/python3
"""Our own mail out in a pretend world (judge/pretend.py): real DNSSEC by NSD and Unbound, real certificates, DANE, MTA-STS.
  world.py [--alone]      --alone looks at the pretend world only

Each destination is the domain of a contact who is told that mail came for a domain still in set-up. Asserts what arrived and by
which TLS, what waits or is held and why, the rows for TLS reports, and that our DKIM signatures are verified once the key records
are in the DNS. Exits 1 when one is not so."""
import concurrent.futures
import os
import pathlib
import re
import smtplib
import ssl
import subprocess
import sys
import time

# dkim.py beside this has the name of a module that is needed
HERE = pathlib.Path(__file__).resolve().parent
sys.path = [p for p in sys.path if pathlib.Path(p or ".").resolve() != HERE]
import dkim  # noqa: E402

sys.path.append(str(HERE))
from gate import ROOT, Gate  # noqa: E402
from pretend import Authority, Dns, MailServer, PolicyServer, folder, free_port  # noqa: E402

HOST = "gate.secure"
PATIENCE = 120
SIGNED = "signed.secure"  # the destination that is written to when keys sign
PER_TENANT = 5

# destination: (what its zone says, what becomes of mail to it). mx.<destination> stands at an address of its own.
# delivered: plain, tls or verified; held, waits: a word of the reason
WORLD = {
    "plain.secure": (["MX 10 mx"], ("delivered", "tls")),
    "notls.secure": (["MX 10 mx"], ("delivered", "plain")),
    "implicit.open": ([], ("delivered", "tls")),
    "cname.secure": (["MX 10 alias"], ("delivered", "tls")),
    "second.secure": (["MX 10 dead", "MX 20 mx"], ("delivered", "tls")),
    "null.secure": (["MX 0 ."], ("held", "5.1.10")),
    "self.secure": ([f"MX 10 {HOST}."], ("held", "5.4.6")),
    "private.secure": (["MX 10 inside"], ("held", "5.4.4")),
    "nothing.secure": (None, ("held", "5.1.2")),
    "broken.bogus": (["MX 10 mx"], ("waits", "4.4.3")),
    "dane.secure": (["MX 10 mx"], ("delivered", "verified")),
    "danebad.secure": (["MX 10 mx"], ("down", "TLSA")),
    "stsgood.open": (["MX 10 mx"], ("delivered", "verified")),
    "stscert.open": (["MX 10 mx"], ("down", "root")),
    "stsmx.open": (["MX 10 mx"], ("waits", "4.7.5")),
    "ststest.open": (["MX 10 mx"], ("delivered", "tls")),
    SIGNED: (["MX 10 mx"], ("delivered", "tls")),
}
# rows for TLS reports: policy domain → (policy type, results)
FACTS = {
    "plain.secure": ("no-policy-found", {"success"}),
    "notls.secure": ("no-policy-found", {"starttls-not-supported"}),
    "mx.dane.secure": ("tlsa", {"success"}),
    "mx.danebad.secure": ("tlsa", {"validation-failure"}),
    "stsgood.open": ("sts", {"success"}),
    "stscert.open": ("sts", {"certificate-not-trusted"}),
    "stsmx.open": ("sts", {"validation-failure"}),
    "ststest.open": ("sts", {"certificate-not-trusted"}),
}
STS = {"stsgood.open": ("enforce", "mx.stsgood.open"), "stscert.open": ("enforce", "*.stscert.open"),
       "stsmx.open": ("enforce", "elsewhere.open"), "ststest.open": ("testing", "mx.ststest.open")}


class Pretend:
    """Zones, servers and certificates of WORLD."""

    def __init__(self):
        self.home, self.smtp, self.https = folder(), free_port(), free_port()
        authority = Authority(self.home)
        self.root, self.servers, tlsa = authority.root, {}, {}
        zones = {"secure": [f"{HOST}. A 127.0.0.1"], "open": [], "bogus": []}
        for number, (name, (records, _)) in enumerate(WORLD.items(), 10):
            if records is None:
                continue
            zone, address = zones[name.rpartition(".")[2]], f"127.0.1.{number}"
            known = name in ("dane.secure", "stsgood.open", "stsmx.open")
            context = None
            if name != "notls.secure":
                context = (authority.issue if known else authority.alone)(name, f"mx.{name}")
            self.servers[name] = MailServer(address, self.smtp, context)
            for record in records:
                kind, preference, host = record.split()
                zone.append(f"{name}. {kind} {preference} {host if host.endswith('.') else f'{host}.{name}.'}")
            zone += [f"{name if not records else f'mx.{name}'}. A {address}", f"dead.{name}. A 127.0.2.1",
                     f"inside.{name}. A 10.1.2.3", f"alias.{name}. CNAME mx.{name}."]
            if name.startswith("dane"):
                tlsa[name] = authority.tlsa("dane.secure" if name == "dane.secure" else "plain.secure")
                zone.append(f"_25._tcp.mx.{name}. TLSA {tlsa[name]}")
            if name in STS:
                zone += [f"_mta-sts.{name}. TXT \"v=STSv1; id={number};\"", f"mta-sts.{name}. A 127.0.1.9"]
        self.web = PolicyServer(
            "127.0.1.9", self.https, authority.issue("web", *(f"mta-sts.{name}" for name in STS)),
            {f"mta-sts.{name}": f"version: STSv1\nmode: {mode}\nmx: {mx}\nmax_age: 86400\n" for name, (mode, mx) in STS.items()})
        self.dns = Dns(self.home, zones, unsigned=["open"], bogus=["bogus"])

    def look(self):
        """The world is as it is said to be, before anybody is judged by it."""
        ask = self.dns.ask
        assert ask("plain.secure.", "MX") == ("NOERROR", True, ["10 mx.plain.secure."])
        assert ask("null.secure.", "MX") == ("NOERROR", True, ["0 ."])
        assert ask("stsgood.open.", "MX")[:2] == ("NOERROR", False), "open has no keys"
        assert ask("broken.bogus.", "MX")[0] == "SERVFAIL", "bogus has other keys"
        assert ask("nothing.secure.", "A")[:2] == ("NXDOMAIN", True)
        code, secure, data = ask("_25._tcp.mx.dane.secure.", "TLSA")
        assert code == "NOERROR" and secure and data[0].startswith("3 1 1 "), (code, secure, data)
        assert ask("_25._tcp.mx.plain.secure.", "TLSA")[:2] == ("NXDOMAIN", True)
        trusting = ssl.create_default_context(cafile=str(self.root))
        for name, server in self.servers.items():
            address = server.listener.getsockname()[0]
            with smtplib.SMTP(address, self.smtp, "look.test", timeout=30) as client:
                client.ehlo()
                if name == "notls.secure":
                    assert not client.has_extn("starttls")
                else:
                    client.starttls(context=ssl._create_unverified_context())
                client.sendmail("a@look.test", ["b@look.test"], "Subject: look\r\n\r\nx\r\n")
            assert len(server.taken) == 1 and bool(server.taken.pop()[2]) == (name != "notls.secure")
        for name in STS:
            with trusting.wrap_socket(__import__("socket").create_connection(("127.0.1.9", self.https), 30),
                                      server_hostname=f"mta-sts.{name}") as web:
                web.sendall(f"GET /.well-known/mta-sts.txt HTTP/1.1\r\nHost: mta-sts.{name}\r\n\r\n".encode())
                assert b"version: STSv1" in b"".join(iter(lambda: web.recv(4096), b"")), name
        print(f"  the pretend world: {len(self.servers)} mail servers, {len(STS)} policies, zones signed, unsigned and bogus")


class Judged(Gate):
    """The program under judgement."""

    def __init__(self, world):
        super().__init__(free_port(), f"dns.servers = 127.0.0.1:{world.dns.port}\ndns.trusted = on\nnet.allowed = 127.0.0.0/8\n"
                         f"net.smtp-port = {world.smtp}\nnet.https-port = {world.https}\ntls.trusted-roots = {world.root}\n"
                         f"notices.from = postmaster@{HOST}\n")
        self.config.write_text(self.config.read_text().replace("hostname = gate.test", f"hostname = {HOST}"))

    def sekisho(self, *words):
        end = time.time() + PATIENCE
        while True:
            done = subprocess.run([str(ROOT / "sekisho"), words[0], "--config", str(self.config), *words[1:]],
                                  capture_output=True, text=True, timeout=PATIENCE, cwd=self.home, stdin=subprocess.DEVNULL)
            if done.returncode == 0:
                return done.stdout
            # the database may not be up yet
            if done.returncode != 69 or time.time() > end:
                raise SystemExit(f"world: sekisho {' '.join(words)}: {done.returncode} {done.stdout}{done.stderr}")
            time.sleep(1)

    def log(self):
        return "".join(file.read_text() for file in self.home.glob("data/log/mail*.log"))

    def rows(self, sql):
        """What the operator's login reads."""
        logins = dict(line.split("=", 1) for line in next(self.home.glob("data/**/logins")).read_text().split())
        port = next(self.home.glob("data/**/port")).read_text().strip()
        done = subprocess.run(["psql", "-XAtq", "-h", "127.0.0.1", "-p", port, "-U", "sekisho_operator", "-c", sql, "sekisho"],
                              env={**os.environ, "PGPASSWORD": logins["sekisho_operator"]}, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"world: {sql}: {done.stderr}")
        return [line.split("|") for line in done.stdout.splitlines()]

    def set_up(self, contacts):
        """A tenant of so many contacts, with a domain in set-up for each. @return its domains"""
        names = []
        for at in range(0, len(contacts), PER_TENANT):
            tenant = "t" + re.sub(r"[^a-z0-9]", "", contacts[at])
            self.sekisho("tenant", "create", tenant, "Pretend")
            self.sekisho("domain", "claim", tenant, f"{tenant}.example")
            names.append(f"{tenant}.example")
            with concurrent.futures.ThreadPoolExecutor(2) as threads:
                list(threads.map(lambda c, t=tenant: self.sekisho(
                    "tenant", "contact", t, f"postmaster@{c}", "--language", "ja" if len(c) % 2 else "en"),
                    contacts[at:at + PER_TENANT]))
        return names

    def early(self, domains):
        """Mail for domains in set-up: put off, and their contacts are told."""
        for domain in domains:
            until(f"451 for {domain}", lambda d=domain: self._rcpt(f"hanako@{d}") == 451)

    def _rcpt(self, recipient):
        with smtplib.SMTP("127.0.0.1", self.port, "load.test", timeout=30) as client:
            client.ehlo()
            client.mail("alice@sender.example")
            return client.rcpt(recipient)[0]


def until(what, holds, patience=PATIENCE):
    end = time.time() + patience
    while not (found := holds()):
        if time.time() > end:
            raise SystemExit(f"world: not after {patience} s: {what}")
        time.sleep(0.5)
    return found


def judge(name, wanted, world, gate):
    """Waits for the end that mail to a destination is to have. @return what is wrong, empty when nothing is"""
    kind, word = wanted
    to = f"to=<postmaster@{name}>"
    verb = {"delivered": "delivered", "held": "held", "waits": "deferred"}.get(kind)
    if kind == "down":
        address = world.servers[name].listener.getsockname()[0]
        lines = until(f"the server of {name} is not used",
                      lambda: re.findall(rf"(?m)^.*route-down hop={re.escape(address)}:.*$", gate.log()))
        if word not in lines[0]:
            return f"{name}: {lines[0]}"
    else:
        lines = until(f"mail to {name} is {verb}", lambda: re.findall(rf"(?m)^.*{verb} id=.*{re.escape(to)}.*$", gate.log()))
        tls = re.search(r"tls=\"([^\"]*)\"", lines[0])
        seen = "plain" if not tls else "verified" if "verified" in tls[1] else "tls"
        if kind == "delivered" and seen != word or kind != "delivered" and word not in lines[0]:
            return f"{name}: {lines[0]}"
    taken = world.servers[name].taken if name in world.servers else []
    if len(taken) != (kind == "delivered"):
        return f"{name}: {len(taken)} messages arrived"
    if taken and bool(taken[0][2]) != (word != "plain"):
        return f"{name}: arrived by {taken[0][2]}"
    return ""


def judge_facts(gate):
    wanted = {(domain, kind, result) for domain, (kind, results) in FACTS.items() for result in results}
    sql = "select policy_domain, policy_type, result from tls_fact"
    until("rows for TLS reports", lambda: wanted <= {tuple(row) for row in gate.rows(sql)})
    found = {tuple(row) for row in gate.rows(sql)}
    return [f"a row too much for reports: {row}" for row in found if row[0] in FACTS and row not in wanted]


def judge_signatures(world, gate):
    """Publishes the key records, waits until the keys sign, and has a notice verified by the DNS."""
    unsigned = [name for name, server in world.servers.items() if any(b"DKIM-Signature:" in taken[1] for taken in server.taken)]
    wrong = [f"{name}: signed before the key is published" for name in unsigned]
    keys = until("keys are made", lambda: gate.rows("select selector, domain, key_record from dkim_key"))
    for selector, domain, text in keys:
        strings = " ".join(f"\"{text[i:i + 255]}\"" for i in range(0, len(text), 255))
        world.dns.publish("secure", f"{selector}._domainkey.{domain}. TXT {strings}")
    until("both keys sign", lambda: len(gate.rows("select 1 from dkim_key where active_from is not null")) == 2, 300)
    gate.early(gate.set_up([SIGNED]))
    taken = until("the signed notice arrives", lambda: world.servers[SIGNED].taken)
    octets = taken[0][1]

    def dns(name, timeout=5):
        data = world.dns.ask(name.decode(), "TXT")[2]
        return "".join(re.findall(r'"([^"]*)"', data[0])).encode() if data else None

    fields = re.findall(rb"(?m)^DKIM-Signature:(?:.*\r\n)(?:[ \t].*\r\n)*", octets)
    tags = sorted(re.search(rb"a=([a-z0-9-]+)", field)[1].decode() for field in fields)
    if tags != ["ed25519-sha256", "rsa-sha256"] or not all(f" d={HOST};".encode() in field for field in fields):
        wrong.append(f"signatures {tags}, {fields}")
    for i in range(len(fields)):
        try:
            if not dkim.DKIM(octets).verify(idx=i, dnsfunc=dns):
                wrong.append(f"signature {i} is not verified")
        except dkim.DKIMException as e:
            wrong.append(f"signature {i}: {e}")
    print(f"  {len(fields)} signatures, verified by the DNS")
    return wrong


def main():
    world = Pretend()
    world.look()
    if "--alone" in sys.argv:
        return 0
    gate = Judged(world)
    gate.start()
    first = [name for name in WORLD if name != SIGNED]
    domains = gate.set_up(first)
    gate.early(domains)
    wrong = []
    for name in first:
        said = judge(name, WORLD[name][1], world, gate)
        print(f"  {name:16} {' '.join(WORLD[name][1])}{'' if not said else '  WRONG'}")
        wrong += [said] if said else []
    wrong += judge_facts(gate)
    print(f"  {len(FACTS)} policies counted for TLS reports")
    wrong += judge_signatures(world, gate)
    gate.stop()
    for line in wrong:
        print(f"world: {line}")
    return 1 if wrong else 0


sys.exit(main())
