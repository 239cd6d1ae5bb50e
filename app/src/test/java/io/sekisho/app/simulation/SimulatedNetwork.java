package io.sekisho.app.simulation;

import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.Content;
import io.sekisho.smtp.RemoteReply;
import io.sekisho.smtp.client.Envelope;
import io.sekisho.smtp.client.MailSender;
import io.sekisho.smtp.client.NextHop;
import io.sekisho.smtp.client.Transmission;
import io.sekisho.smtp.tls.TlsPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** The customers' mail servers. Remembers what arrived, which is what the invariants are about. */
final class SimulatedNetwork implements MailSender {
    /** How often a copy arrived. */
    static final class Arrival {
        int copies;
        /** Copies after which the sender could not know that they arrived, or was cut off before it could remember. */
        int explained;
    }

    private final Faults faults;
    private final Map<String, Arrival> arrivals = new TreeMap<>();
    private final Map<String, Long> contents = new TreeMap<>();
    private final Set<String> down = new HashSet<>();
    private String inFlight = "";

    SimulatedNetwork(Faults faults) {
        this.faults = faults;
    }

    /** What a message must look like when it arrives. */
    void expect(String sender, long checksum) {
        contents.put(sender, checksum);
    }

    void toggle(String host) {
        if (!down.remove(host)) {
            down.add(host);
        }
    }

    void heal() {
        down.clear();
    }

    static String key(String sender, Mailbox recipient) {
        return sender + " " + recipient;
    }

    Arrival arrival(String key) {
        return arrivals.computeIfAbsent(key, k -> new Arrival());
    }

    Map<String, Arrival> arrivals() {
        return arrivals;
    }

    /** The copies that had just arrived when the power failed. */
    void powerFailed() {
        if (!inFlight.isEmpty()) {
            for (String key : inFlight.split("\n")) {
                arrival(key).explained++;
            }
        }
        inFlight = "";
    }

    @Override
    public Transmission send(NextHop hop, TlsPolicy tls, Envelope envelope, Content content) {
        faults.place("before an attempt");
        if (down.contains(hop.host())) {
            return new Transmission.Unreachable("connection refused by " + hop);
        }
        if (faults.chance(5)) {
            return new Transmission.Lost("connection lost", false);
        }
        if (faults.chance(5)) {
            return new Transmission.Replied(
                    all(envelope, new RemoteReply(451, status(4), "4.3.0 later")), hop.toString());
        }
        long checksum;
        try {
            checksum = checksum(content);
        } catch (IOException e) {
            return new Transmission.Lost("the content cannot be read: " + e, false);
        }
        String sender = envelope.reversePath() instanceof ReversePath.Of of
                ? of.mailbox().localPart()
                : "";
        Long expected = contents.get(sender);
        if (expected == null || expected != checksum) {
            throw new AssertionError("what arrived of " + sender + " is not what was sent");
        }
        List<RemoteReply> replies = new ArrayList<>();
        StringBuilder copied = new StringBuilder();
        for (Mailbox recipient : envelope.recipients()) {
            if (recipient.localPart().startsWith("gone")) {
                replies.add(new RemoteReply(550, status(5), "5.1.1 no such mailbox"));
            } else {
                arrival(key(sender, recipient)).copies++;
                copied.append(copied.isEmpty() ? "" : "\n").append(key(sender, recipient));
                replies.add(new RemoteReply(250, status(2), "2.0.0 ok"));
            }
        }
        inFlight = copied.toString();
        faults.place("after the remote 250");
        inFlight = "";
        if (faults.chance(3)) {
            for (String key : copied.toString().split("\n")) {
                arrival(key).explained++;
            }
            return new Transmission.Lost("connection lost after the dot", true);
        }
        return new Transmission.Replied(replies, hop.toString());
    }

    private static EnhancedStatus status(int category) {
        return new EnhancedStatus(category, 0, 0);
    }

    private static List<RemoteReply> all(Envelope envelope, RemoteReply reply) {
        return envelope.recipients().stream().map(r -> reply).toList();
    }

    /** Of what follows our own header field. */
    private static long checksum(Content content) throws IOException {
        try (InputStream in = content.open()) {
            byte[] octets = in.readAllBytes();
            String text =
                    new String(octets, 0, Math.min(octets.length, 600), java.nio.charset.StandardCharsets.ISO_8859_1);
            int from = text.indexOf("\r\nX-Simulated:") + 2;
            return checksum(octets, from);
        }
    }

    static long checksum(byte[] octets, int from) {
        CRC32C crc = new CRC32C();
        crc.update(octets, from, octets.length - from);
        return crc.getValue();
    }
}
