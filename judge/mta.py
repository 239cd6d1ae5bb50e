"""Postfix as Debian brings it, for the judges: instances of their own in folders of their own, as many as are wanted. The system's
configuration and queue are never touched. Only root can start Postfix."""
import atexit
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

SBIN = "/usr/sbin"
SERVICES = """
pickup    unix  n - n 60  1 pickup
cleanup   unix  n - n -   0 cleanup
qmgr      unix  n - n 300 1 qmgr
tlsmgr    unix  - - n 300 1 tlsmgr
rewrite   unix  - - n -   - trivial-rewrite
bounce    unix  - - n -   0 bounce
defer     unix  - - n -   0 bounce
trace     unix  - - n -   0 bounce
verify    unix  - - n -   1 verify
flush     unix  n - n 300 0 flush
proxymap  unix  - - n -   - proxymap
smtp      unix  - - n -   - smtp
showq     unix  n - n -   - showq
error     unix  - - n -   - error
retry     unix  - - n -   - error
discard   unix  - - n -   - discard
virtual   unix  - n n -   - virtual
anvil     unix  - - n -   1 anvil
scache    unix  - - n -   1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """One instance. Ended when the judge ends, however it ends."""

    def __init__(self, name):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix=f"sekisho-judge-{name}-"))
        os.chmod(self.home, 0o755)
        self.etc, self.log, self.mail = self.home / "etc", self.home / "log", self.home / "mail"
        for folder in ("etc", "queue", "data", "mail"):
            (self.home / folder).mkdir()
        shutil.chown(self.home / "data", "postfix")
        shutil.chown(self.mail, "nobody", "nogroup")
        self.main = {
            "compatibility_level": "3.6",
            "queue_directory": self.home / "queue",
            "data_directory": self.home / "data",
            "command_directory": SBIN,
            "daemon_directory": "/usr/lib/postfix/sbin",
            "meta_directory": "/etc/postfix",
            "shlib_directory": "/usr/lib/postfix",
            "mail_owner": "postfix",
            "setgid_group": "postdrop",
            "maillog_file": self.log,
            "maillog_file_prefixes": self.home,
            "myhostname": f"{name}.test",
            "mydestination": "",
            "mynetworks": "127.0.0.0/8",
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "smtpd_peername_lookup": "no",
            "smtp_dns_support_level": "disabled",
            "smtp_host_lookup": "native",
            "local_recipient_maps": "",
            "alias_maps": "",
            "alias_database": "",
            "local_header_rewrite_clients": "",
            "smtputf8_enable": "yes",
            "smtp_line_length_limit": "0",
            "message_size_limit": "60000000",
            "mailbox_size_limit": "0",
            "virtual_mailbox_limit": "0",
            "minimal_backoff_time": "2s",
            "maximal_backoff_time": "4s",
            "queue_run_delay": "2s",
            "smtpd_client_connection_count_limit": "0",
        }
        self.services = []
        self.running = False
        atexit.register(self._end)

    def table(self, name, lines):
        """A look-up table; how it is named in the configuration."""
        (self.etc / name).write_text("".join(f"{line}\n" for line in lines))
        return f"texthash:{self.etc / name}"

    def service(self, name, kind, **options):
        """A line of master.cf with settings of its own."""
        where = "inet  n - n - -" if kind == "smtpd" else "unix  - - n - -"
        self.services.append(f"{name}  {where}  {kind}" + "".join(f"\n  -o {{ {key} = {value} }}" for key, value in options.items()))

    def _postfix(self, command, check=True):
        done = subprocess.run([f"{SBIN}/postfix", "-c", str(self.etc), command], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL)
        if check and done.returncode:
            raise SystemExit(f"postfix {command}: {done.stdout}{done.stderr}{self.said()}")

    def start(self):
        (self.etc / "main.cf").write_text("".join(f"{key} = {value}\n" for key, value in self.main.items()))
        (self.etc / "master.cf").write_text("\n".join(self.services) + SERVICES)
        self._postfix("start")
        self.running = True
        return self

    def flush(self):
        """Everything deferred is tried now."""
        self._postfix("flush")

    def said(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def queued(self):
        """How many messages are in the queue."""
        return sum(1 for part in ("incoming", "active", "deferred", "maildrop")
                   for file in (self.home / "queue" / part).rglob("*") if file.is_file())

    def mails(self, mailbox):
        """The content of each message in a mailbox."""
        return [file.read_bytes() for file in (self.mail / mailbox / "new").glob("*")]

    def _master(self):
        try:
            pid = int((self.home / "queue/pid/master.pid").read_text())
            os.kill(pid, 0)
            return pid
        except (OSError, ValueError):
            return None

    def _end(self):
        if self.running:
            self._postfix("stop", check=False)
            end = time.time() + 10
            while self._master() and time.time() < end:
                time.sleep(0.05)
            if master := self._master():
                os.kill(master, signal.SIGKILL)
        shutil.rmtree(self.home, ignore_errors=True)
