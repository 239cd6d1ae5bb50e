"""Mail in a steady stream for the judges, and the books about it: what was taken, what arrived, how often, and where it stands
in the database."""
import collections
import smtplib
import threading
import time


# messages in one session: fewer than a server may take
A_SESSION = 1000


class Load:
    """Senders at a pace. Each message has a reverse-path of its own, by which it is known everywhere."""

    def __init__(self, port, a_second, recipients=("hanako@gate.test",), senders=4):
        self.port, self.recipients, self.pace = port, recipients, senders / a_second
        self.arrived, self.codes = collections.Counter(), collections.Counter()
        self.taken, self.doubtful = set(), set()
        self.longest_wait, self.longest_gap, self._last = 0.0, 0.0, None
        self._lock, self._stop = threading.Lock(), threading.Event()
        self._numbers = iter(range(1 << 60))
        self._threads = [threading.Thread(target=self._send, daemon=True) for _ in range(senders)]

    def on_message(self, sender, rcpts, octets):
        """For the sink."""
        now = time.time()
        self.arrived[sender] += 1
        if self._last is not None and not self._stop.is_set():
            self.longest_gap = max(self.longest_gap, now - self._last)
        self._last = now

    def start(self):
        for thread in self._threads:
            thread.start()
        return self

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join(60)

    def _send(self):
        due = time.time()
        while not self._stop.is_set():
            try:
                with smtplib.SMTP("127.0.0.1", self.port, "load.test", timeout=60) as client:
                    for _ in range(A_SESSION):
                        if self._stop.is_set():
                            break
                        due = max(due + self.pace, time.time() - 1)
                        self._stop.wait(max(0.0, due - time.time()))
                        self._one(client)
            except (smtplib.SMTPException, OSError):
                with self._lock:
                    self.codes["lost"] += 1
                self._stop.wait(0.1)

    def _one(self, client):
        with self._lock:
            n = next(self._numbers)
        sender = f"m{n}@sender.example"
        octets = b"Subject: load\r\n\r\n" + (b"x" * 70 + b"\r\n") * (4000 if n % 500 == 499 else 1 + n % 60)
        self.doubtful.add(sender)
        began = time.time()
        try:
            client.sendmail(sender, [self.recipients[n % len(self.recipients)]], octets)
            code = 250
        except smtplib.SMTPDataError as e:
            code = e.smtp_code
        except smtplib.SMTPRecipientsRefused as e:
            code = next(iter(e.recipients.values()))[0]
        with self._lock:
            self.longest_wait = max(self.longest_wait, time.time() - began)
            self.codes[code] += 1
            if code == 250:
                self.taken.add(sender)

    def missing(self):
        return [m for m in list(self.taken) if m not in self.arrived]

    def twice(self):
        return {m: n for m, n in self.arrived.items() if n > 1}


def until(condition, seconds, wait=0.2):
    """Waits until something is so. The seconds it took, or None."""
    began = time.time()
    while not condition():
        if time.time() - began > seconds:
            return None
        time.sleep(wait)
    return time.time() - began


def memory(pid):
    """The proportional set size of a process, in MB."""
    with open(f"/proc/{pid}/smaps_rollup") as rollup:
        for line in rollup:
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
