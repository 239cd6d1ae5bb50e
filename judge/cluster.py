"""PostgreSQL 15 as Debian brings it, for the judges: servers of their own in folders of their own, with a standby where one is
wanted. The system's cluster is never touched."""
import atexit
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from gate import free_port

BIN = pathlib.Path(os.environ.get("SEKISHO_POSTGRES", "/usr/lib/postgresql/15/bin"))
PASSWORD = "judge"
# a judge that is told to end leaves nothing running either
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
LOGINS = ("owner", "app", "gateway", "operator")
CONFIGURATION = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 60
shared_buffers = 64MB
wal_keep_size = 128MB
log_timezone = 'UTC'
wal_receiver_timeout = 5s
wal_sender_timeout = 5s
"""


def account():
    """What stands before a command so that PostgreSQL does not run as root, and who owns its files."""
    if os.geteuid() != 0:
        return [], None
    user = pwd.getpwnam("nobody")
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
            break
        except KeyError:
            pass
    return ["setpriv", "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups", "--"], user


class Cluster:
    """One server. Ended when the judge ends, however it ends."""

    def __init__(self, name):
        self.name, self.port = name, free_port()
        self.prefix, self.owner = account()
        self.home = pathlib.Path(tempfile.mkdtemp(prefix=f"sekisho-judge-{name}-"))
        self.data, self.log = self.home / "data", self.home / "log"
        (self.home / "password").write_text(PASSWORD)
        if self.owner:
            for path in (self.home, self.home / "password"):
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        atexit.register(self._end)

    def _end(self):
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def _run(self, program, *arguments):
        done = subprocess.run(
            [*self.prefix, str(BIN / program), *arguments], capture_output=True, text=True, cwd=self.home, timeout=120,
            env={"PATH": os.environ["PATH"], "PGPASSWORD": PASSWORD, "LC_ALL": "C"}, stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise SystemExit(f"{program} {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout

    def make(self):
        """A new cluster, with passwords for everybody."""
        self._run("initdb", "-D", str(self.data), "-U", "postgres", f"--pwfile={self.home}/password", "-A", "scram-sha-256",
                  "--encoding=UTF8", "--locale=C", "--data-checksums", "--no-instructions")
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(CONFIGURATION)
        return self

    def standby_of(self, primary):
        """A copy that follows the primary, by its own name."""
        self._run("pg_basebackup", "-D", str(self.data), "-R", "-X", "stream", "--checkpoint=fast", "-d",
                  f"host=127.0.0.1 port={primary.port} user=postgres password={PASSWORD} application_name={self.name}")
        return self

    def start(self):
        # the log is the file of pg_ctl's child: a pipe would stay open as long as the server runs
        subprocess.run(
            [*self.prefix, str(BIN / "pg_ctl"), "-D", str(self.data), "-l", str(self.log), "-o", f"-p {self.port}", "-w", "-t", "60", "start"],
            cwd=self.home, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, timeout=120,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        )
        return self

    def stop(self, mode="immediate"):
        self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop")

    def processes(self):
        """The server and its children."""
        try:
            first = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(first, 0)
        except (OSError, ValueError, IndexError):
            return []
        found = [first]
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
                if int(fields[1]) == first:
                    found.append(int(stat.parent.name))
            except (OSError, IndexError, ValueError):
                pass
        return found

    def signal(self, number):
        for pid in self.processes():
            try:
                os.kill(pid, number)
            except OSError:
                pass

    def kill(self):
        """As when its machine loses power: all processes at once."""
        self.signal(signal.SIGKILL)
        end = time.time() + 10
        while self.processes() and time.time() < end:
            time.sleep(0.02)

    def promote(self):
        self._run("pg_ctl", "-D", str(self.data), "-w", "-t", "60", "promote")

    def sql(self, text, database="postgres"):
        """What psql prints, one row a line, columns with | between them."""
        return self._run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(self.port),
                         "-U", "postgres", "-d", database, "-c", text).strip()

    def number(self, text, database="sekisho"):
        return int(self.sql(text, database))

    def set_up(self):
        """The four logins and the database, as an administrator makes them."""
        for login in LOGINS:
            bypass = "bypassrls" if login == "owner" else "nobypassrls"
            self.sql(f"create role sekisho_{login} login {bypass} password '{PASSWORD}'")
        everybody = ", ".join(f"sekisho_{login}" for login in LOGINS)
        self.sql("create database sekisho owner sekisho_owner template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C'")
        self.sql("revoke all on database sekisho from public")
        self.sql(f"grant connect on database sekisho to {everybody}")
        self.sql("revoke all on schema public from public", "sekisho")
        self.sql(f"grant usage on schema public to {everybody}", "sekisho")
        return self


def settings(home, *clusters):
    """The lines of sekisho.conf for a database on these servers, the first that is the primary."""
    file = home / "database-password"
    file.write_text(PASSWORD)
    hosts = ",".join(f"127.0.0.1:{cluster.port}" for cluster in clusters)
    lines = [f"database = jdbc:postgresql://{hosts}/sekisho" + ("?targetServerType=primary" if len(clusters) > 1 else "")]
    lines += [f"database.{login}.password-file = {file}" for login in LOGINS]
    return "\n".join(lines) + "\n"
