"""A pretend world for the judges on loopback addresses: a signed zone tree in NSD, a validating Unbound, mail servers and a web
server, with certificates made by openssl. Needs Debian's nsd, unbound, ldnsutils and openssl."""
import atexit
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

ALGORITHM = "ECDSAP256SHA256"
TTL = 1


def run(*words, cwd=None):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, cwd=cwd, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, words))} ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout


def free_port():
    """A port that is free for UDP and TCP on all of 127.0.0.0/8."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind(("0.0.0.0", 0))
            try:
                udp.bind(("0.0.0.0", tcp.getsockname()[1]))
                return tcp.getsockname()[1]
            except OSError:
                pass


class Authority:
    """Certificates. Those of issue() lead to this root, those of alone() to nobody."""

    def __init__(self, home):
        self.home = home
        self.root = home / "root.pem"
        self._key("root")
        run("openssl", "req", "-x509", "-new", "-key", home / "root.key", "-subj", "/CN=Pretend Root", "-days", "30", "-out", self.root,
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")

    def _key(self, name):
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.home / f"{name}.key")

    def issue(self, name, *hosts):
        self._key(name)
        extensions = self.home / f"{name}.ext"
        extensions.write_text("subjectAltName=" + ",".join(f"DNS:{h}" for h in hosts) + "\nextendedKeyUsage=serverAuth\n")
        request = self.home / f"{name}.csr"
        run("openssl", "req", "-new", "-key", self.home / f"{name}.key", "-subj", "/O=Pretend", "-out", request)
        run("openssl", "x509", "-req", "-in", request, "-CA", self.root, "-CAkey", self.home / "root.key", "-CAcreateserial",
            "-days", "30", "-extfile", extensions, "-out", self.home / f"{name}.pem")
        return self._context(name)

    def alone(self, name, *hosts):
        self._key(name)
        run("openssl", "req", "-x509", "-new", "-key", self.home / f"{name}.key", "-subj", f"/CN={hosts[0]}", "-days", "30",
            "-out", self.home / f"{name}.pem", "-addext", "subjectAltName=" + ",".join(f"DNS:{h}" for h in hosts))
        return self._context(name)

    def _context(self, name):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.home / f"{name}.pem", self.home / f"{name}.key")
        return context

    def tlsa(self, name):
        """The TLSA record 3 1 1 of a certificate."""
        public = run("openssl", "x509", "-in", self.home / f"{name}.pem", "-noout", "-pubkey")
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=public.encode(), capture_output=True).stdout
        digest = subprocess.run(["openssl", "dgst", "-sha256", "-r"], input=der, capture_output=True, text=False).stdout
        return "3 1 1 " + digest.split()[0].decode()


class MailServer:
    """Takes mail on an address, with STARTTLS when it has a certificate. taken: list of ([recipients], content, tls or None)."""

    def __init__(self, address, port, context=None):
        self.context, self.taken = context, []
        self.listener = socket.create_server((address, port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client):
        try:
            client.settimeout(60)
            client.sendall(b"220 pretend ESMTP\r\n")
            self._converse(client)
        except OSError:
            pass
        finally:
            client.close()

    def _converse(self, client, tls=None):
        lines, recipients = client.makefile("rb"), []
        for line in lines:
            verb = line[:4].upper()
            if verb == b"EHLO":
                client.sendall(b"250-pretend\r\n" + (b"250-STARTTLS\r\n" if self.context and not tls else b"") + b"250 8BITMIME\r\n")
            elif verb == b"STAR":
                client.sendall(b"220 go\r\n")
                with self.context.wrap_socket(client, server_side=True) as secured:
                    self._converse(secured, secured.version())
                return
            elif verb == b"MAIL":
                recipients = []
                client.sendall(b"250 2.1.0 ok\r\n")
            elif verb == b"RCPT":
                recipients.append(line[line.index(b"<") + 1:line.index(b">")].decode())
                client.sendall(b"250 2.1.5 ok\r\n")
            elif verb == b"DATA":
                client.sendall(b"354 go\r\n")
                content = []
                for data in lines:
                    if data == b".\r\n":
                        break
                    content.append(data[1:] if data.startswith(b".") else data)
                self.taken.append((recipients, b"".join(content), tls))
                client.sendall(b"250 2.0.0 taken\r\n")
            elif verb == b"QUIT":
                client.sendall(b"221 2.0.0 bye\r\n")
                return
            else:
                client.sendall(b"250 2.0.0 ok\r\n")


class PolicyServer:
    """Serves MTA-STS policies by HTTPS: policies is a dict from host name to text."""

    def __init__(self, address, port, context, policies):
        self.policies, self.context = policies, context
        self.listener = socket.create_server((address, port), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self._answer, args=(client,), daemon=True).start()

    def _answer(self, client):
        try:
            client.settimeout(30)
            with self.context.wrap_socket(client, server_side=True) as secured:
                lines = secured.makefile("rb")
                path, host = lines.readline().split()[1], ""
                for line in lines:
                    if line == b"\r\n":
                        break
                    if line.lower().startswith(b"host:"):
                        host = line.split(b":")[1].strip().decode()
                text = self.policies.get(host) if path == b"/.well-known/mta-sts.txt" else None
                status = "200 OK" if text else "404 Not Found"
                body = (text or "none").encode()
                secured.sendall(f"HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
                                "Connection: close\r\n\r\n".encode() + body)
        except (OSError, IndexError):
            pass


class Dns:
    """NSD with the zones and an Unbound that validates them by the root's key."""

    def __init__(self, home, zones, unsigned=(), bogus=()):
        """zones: dict from a name right under the root to its lines; unsigned ones have no DS, bogus ones a wrong one."""
        self.home, self.zones, self.unsigned, self.bogus = home, zones, unsigned, bogus
        self.authority, self.port, self.serial = free_port(), free_port(), 0
        self.keys = {}
        for zone in [".", *zones]:
            if zone not in unsigned:
                self.keys[zone] = run("ldns-keygen", "-a", ALGORITHM, "-k", zone, cwd=home).strip()
        self.write()
        self.processes = []
        atexit.register(self.close)
        self._start_nsd()
        self._start_unbound()

    def write(self):
        """Signs and writes all zones."""
        self.serial += 1
        for zone, lines in self.zones.items():
            self._zone(zone, lines)
        root = []
        for zone in self.zones:
            root += [f"{zone}. NS ns.{zone}.", f"ns.{zone}. A 127.0.0.1"]
            if zone in self.keys:
                ds = (self.home / f"{self.keys[zone]}.ds").read_text().strip()
                root.append(ds[:-4] + "beef" if zone in self.bogus else ds)
        self._zone(".", root)

    def _zone(self, zone, lines):
        file = self.home / ("root.zone" if zone == "." else f"{zone}.zone")
        dot = zone if zone == "." else zone + "."
        ns = "ns." if zone == "." else f"ns.{zone}."
        head = [f"$TTL {TTL}", f"{dot} SOA {ns} admin.{ns} {self.serial} 60 60 3600 {TTL}", f"{dot} NS {ns}", f"{ns} A 127.0.0.1"]
        file.write_text("\n".join(head + list(lines)) + "\n")
        if zone in self.keys:
            run("ldns-signzone", "-n", "-o", dot, "-f", f"{file}.out", file, self.keys[zone], cwd=self.home)
        else:
            shutil.copy(file, f"{file}.out")

    def _start_nsd(self):
        config = self.home / "nsd.conf"
        text = (f"server:\n ip-address: 127.0.0.1@{self.authority}\n chroot: \"\"\n username: \"\"\n zonesdir: \"{self.home}\"\n"
                f" pidfile: \"{self.home}/nsd.pid\"\n xfrdfile: \"\"\n zonelistfile: \"{self.home}/zone.list\"\n"
                f" logfile: \"{self.home}/nsd.log\"\n server-count: 1\n xfrdir: \"{self.home}\"\n cookie-secret-file: \"\"\n"
                "remote-control:\n control-enable: no\n")
        for zone in [".", *self.zones]:
            name = "root" if zone == "." else zone
            text += f"zone:\n name: \"{zone}\"\n zonefile: \"{name}.zone.out\"\n"
        config.write_text(text)
        self.nsd = subprocess.Popen(["nsd", "-d", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.processes.append(self.nsd)
        self._wait(self.authority, "nsd.log")

    def _start_unbound(self):
        config, anchor = self.home / "unbound.conf", self.home / f"{self.keys['.']}.ds"
        text = (f"server:\n interface: 127.0.0.1@{self.port}\n port: {self.port}\n chroot: \"\"\n username: \"\"\n pidfile: \"\"\n"
                f" directory: \"{self.home}\"\n logfile: \"{self.home}/unbound.log\"\n use-syslog: no\n do-daemonize: no\n"
                f" trust-anchor-file: \"{anchor}\"\n module-config: \"validator iterator\"\n do-not-query-localhost: no\n"
                " do-ip6: no\n qname-minimisation: no\n num-threads: 1\n val-log-level: 1\n cache-max-negative-ttl: 1\n"
                " cache-max-ttl: 2\n key-cache-size: 1m\n infra-host-ttl: 1\n val-bogus-ttl: 1\n"
                "remote-control:\n control-enable: no\n")
        for zone in [".", *self.zones]:
            text += f"stub-zone:\n name: \"{zone}\"\n stub-addr: 127.0.0.1@{self.authority}\n"
            if zone != ".":
                text = text.replace("server:\n", f"server:\n local-zone: \"{zone}.\" transparent\n", 1)
        config.write_text(text)
        self.processes.append(subprocess.Popen(["unbound", "-d", "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        self._wait(self.port, "unbound.log")

    def _wait(self, port, log):
        end = time.time() + 30
        while time.time() < end:
            if subprocess.run(["drill", "-p", str(port), "@127.0.0.1", "SOA", "."], capture_output=True).returncode == 0:
                return
            if self.processes[-1].poll() is not None:
                break
            time.sleep(0.1)
        raise SystemExit(f"no DNS on port {port}: {(self.home / log).read_text() if (self.home / log).exists() else 'no log'}")

    def ask(self, name, kind):
        """(code, whether validated, [data]) as Unbound says."""
        said = subprocess.run(["drill", "-D", "-p", str(self.port), "@127.0.0.1", name, kind], capture_output=True, text=True).stdout
        code = re.search(r"rcode: (\w+)", said)
        flags = re.search(r"flags:([^;]*);", said)
        answer = said.partition(";; ANSWER SECTION:")[2].partition(";; AUTHORITY SECTION:")[0]
        data = re.findall(rf"(?m)^\S+\t\d+\tIN\t{kind}\t(.*)$", answer)
        return code and code[1], bool(flags) and " ad" in flags[1], data

    def publish(self, zone, *lines):
        """Adds lines to a zone and waits until Unbound shows a new serial."""
        self.zones[zone] += lines
        self.write()
        self.nsd.send_signal(1)
        end = time.time() + 30
        while f" {self.serial} " not in " ".join(self.ask(f"{zone}.", "SOA")[2]):
            if time.time() > end:
                raise SystemExit(f"NSD does not take the zone {zone} again, see {self.home}/nsd.log")
            time.sleep(0.2)

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()


def folder():
    home = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-world-"))
    os.chmod(home, 0o755)
    return home
