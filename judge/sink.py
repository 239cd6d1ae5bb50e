"""A customer's mail server for the judges: takes everything on loopback and remembers what it got."""
import asyncio
import threading


class Sink:
    """Listens on a port in a thread of its own. received: list of (reverse-path, [forward-paths], content octets)."""

    def __init__(self, port, keep=True, on_message=None):
        self.port, self.keep, self.on_message = port, keep, on_message
        self.received = []
        self._loop = asyncio.new_event_loop()
        self._up = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()
        if not self._up.wait(10):
            raise SystemExit(f"the sink cannot listen on port {port}")

    def _run(self):
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", self.port, limit=1 << 26, backlog=1024))
        self._up.set()
        self._loop.run_forever()

    async def _serve(self, reader, writer):
        sender, recipients = None, []

        def say(line):
            writer.write(line.encode() + b"\r\n")

        say("220 sink.test ESMTP")
        try:
            while True:
                line = await reader.readuntil(b"\r\n")
                verb = line[:4].upper()
                if verb == b"EHLO":
                    writer.write(b"250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n")
                elif verb == b"MAIL":
                    sender, recipients = path(line), []
                    say("250 2.1.0 ok")
                elif verb == b"RCPT":
                    recipients.append(path(line))
                    say("250 2.1.5 ok")
                elif verb == b"DATA":
                    say("354 go")
                    content = []
                    while (data := await reader.readuntil(b"\r\n")) != b".\r\n":
                        content.append(data[1:] if data.startswith(b".") else data)
                    octets = b"".join(content)
                    if self.keep:
                        self.received.append((sender, recipients, octets))
                    if self.on_message:
                        self.on_message(sender, recipients, octets)
                    say("250 2.0.0 taken")
                elif verb == b"QUIT":
                    say("221 2.0.0 bye")
                    break
                else:
                    say("250 2.0.0 ok")
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def path(line):
    """The path between angle brackets."""
    text = line.decode("utf-8", "replace")
    return text[text.index("<") + 1 : text.index(">")]
