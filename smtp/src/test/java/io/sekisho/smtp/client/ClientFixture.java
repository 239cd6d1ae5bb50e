package io.sekisho.smtp.client;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.MemoryContent;
import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.tls.ClientTls;
import io.sekisho.smtp.tls.TestIdentities;
import io.sekisho.smtp.tls.TlsOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** What the tests of the client share: the cast, small messages, impatient limits. */
final class ClientFixture {
    static final Mailbox ALICE = new Mailbox("alice", "sender.example");
    static final Mailbox HANAKO = new Mailbox("hanako", "hakone.example");
    static final Mailbox TARO = new Mailbox("taro", "hakone.example");
    static final Envelope TO_HANAKO = envelope(HANAKO);
    static final Envelope TO_BOTH = envelope(HANAKO, TARO);
    static final MemoryContent HELLO = content("Subject: hello\r\n\r\nHello Hanako.\r\n");

    static final ClientTls TLS = TestIdentities.client();

    private ClientFixture() {}

    static Envelope envelope(Mailbox... recipients) {
        return new Envelope(new ReversePath.Of(ALICE), List.of(recipients));
    }

    static MemoryContent content(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        boolean eightBit = !text.chars().allMatch(c -> c < 128);
        return new MemoryContent(octets, octets.length, eightBit);
    }

    /** The limits of the product, but every wait is this long, and the whole of a transmission much longer. */
    static ClientLimits waits(Duration each) {
        ClientLimits usual = ClientLimits.defaults();
        return new ClientLimits(
                new ClientLimits.Waits(
                        each, each, each, each, each, each, each, each, each.multipliedBy(400), Duration.ofMillis(200)),
                usual.replies(),
                usual.kept(),
                usual.batch(),
                usual.block(),
                usual.chunk());
    }

    static ClientLimits kept(ClientLimits.Kept kept) {
        ClientLimits usual = waits(Duration.ofSeconds(10));
        return new ClientLimits(usual.waits(), usual.replies(), kept, usual.batch(), usual.block(), usual.chunk());
    }

    static SmtpClient client(ScriptedServer server) {
        return client(server, waits(Duration.ofSeconds(10)));
    }

    static SmtpClient client(ScriptedServer server, ClientLimits limits) {
        return new SmtpClient("gate.example", server::connect, limits, TLS, System::nanoTime);
    }

    /** The replies of a conversation that came to its end, as text. */
    static List<String> replies(Transmission transmission) {
        return switch (transmission) {
            case Transmission.Replied replied ->
                replied.replies().stream().map(RemoteReply::toString).toList();
            case Transmission.Unreachable unreachable ->
                throw new AssertionError("unreachable: " + unreachable.detail());
            case Transmission.Lost lost -> throw new AssertionError("lost: " + lost);
        };
    }

    static String unreachable(Transmission transmission) {
        if (transmission instanceof Transmission.Unreachable(String detail, TlsOutcome _)) {
            return detail;
        }
        throw new AssertionError("not unreachable: " + transmission);
    }

    static Transmission.Lost lost(Transmission transmission) {
        if (transmission instanceof Transmission.Lost lost) {
            return lost;
        }
        throw new AssertionError("not lost: " + transmission);
    }
}
