"""Starts and stops the program under judgement, with a folder and ports of its own."""
import atexit
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Gate:
    """One Sekisho that relays gate.test to a sink port."""

    def __init__(self, sink_port, extra=""):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="sekisho-judge-"))
        os.chmod(self.home, 0o755)
        self.port = free_port()
        self.config = self.home / "sekisho.conf"
        self.config.write_text(
            f"data = {self.home}/data\nhostname = gate.test\nsmtp.listen = 127.0.0.1:{self.port}\n"
            f"routes = {self.home}/routes.conf\n{extra}"
        )
        (self.home / "routes.conf").write_text(f"gate.test  judge  127.0.0.1:{sink_port}  recipients=*\n")
        self.process = None
        atexit.register(self._end)

    def _end(self):
        """A judge that fails leaves nothing running."""
        postgres = self.postgres()
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if postgres:
            try:
                os.kill(postgres, signal.SIGKILL)
            except OSError:
                pass

    def start(self, wait=60):
        log = open(self.home / "console.log", "ab")
        self.process = subprocess.Popen(
            [str(ROOT / "sekisho"), "run", "--config", str(self.config)], stdout=log, stderr=log, cwd=self.home
        )
        end = time.time() + wait
        while time.time() < end:
            if self.process.poll() is not None:
                raise SystemExit(f"sekisho ended with {self.process.returncode}, see {self.home}/console.log")
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                    if s.recv(3) == b"220":
                        return
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"sekisho does not listen after {wait} s, see {self.home}/console.log")

    def kill(self):
        """As a crash does."""
        self.process.kill()
        self.process.wait()

    def postgres(self):
        """The pid of its PostgreSQL, or None."""
        for file in self.home.glob("data/**/postmaster.pid"):
            try:
                pid = int(file.read_text().split()[0])
                os.kill(pid, 0)
                return pid
            except (OSError, ValueError, IndexError):
                pass
        return None

    def stop(self, wait=60):
        self.process.terminate()
        try:
            return self.process.wait(wait)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise SystemExit("sekisho did not stop when asked")
