package io.sekisho.testkit.dns;

import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** One question to the fake server, and the octets that answer it, in the way its trouble wants them. */
final class FakeAnswer {
    private static final byte[] NOISE = new byte[40];

    private final Message query;
    private final boolean tcp;
    private final Record question;
    private final boolean recursion;

    FakeAnswer(Message query, boolean tcp) {
        this.query = query;
        this.tcp = tcp;
        this.question = query.getQuestion();
        this.recursion = query.getHeader().getFlag(Flags.RD);
    }

    /** The name that is asked about, in lower case without a final dot. */
    String name() {
        return question.getName().canonicalize().toString(true);
    }

    /** Type and name. */
    String text() {
        return Type.string(question.getType()) + " " + name();
    }

    byte @Nullable [] octets(FakeZones zones, @Nullable Trouble trouble, int room) {
        if (trouble == null) {
            return whole(zones).toWire(room);
        }
        return switch (trouble) {
            case SILENT -> null;
            case SERVFAIL -> failed(Rcode.SERVFAIL);
            case REFUSED -> failed(Rcode.REFUSED);
            case NO_EDNS ->
                query.getOPT() != null ? failed(Rcode.FORMERR) : whole(zones).toWire(room);
            case TRUNCATED -> tcp ? whole(zones).toWire(room) : truncated();
            case TRUNCATED_AND_CLOSED -> tcp ? null : truncated();
            case CUT -> {
                byte[] octets = whole(zones).toWire(room);
                yield Arrays.copyOf(octets, octets.length / 2);
            }
            case NOISE -> NOISE;
            case WRONG_ID -> {
                Message answer = whole(zones);
                answer.getHeader().setID(answer.getHeader().getID() ^ 1);
                yield answer.toWire(room);
            }
            case WRONG_QUESTION -> {
                Message answer = whole(zones);
                answer.removeAllRecords(Section.QUESTION);
                answer.addRecord(Record.newRecord(other(), question.getType(), DClass.IN), Section.QUESTION);
                yield answer.toWire(room);
            }
            case FALSE_AD -> {
                Message answer = whole(zones);
                answer.getHeader().setFlag(Flags.AD);
                yield answer.toWire(room);
            }
            case LIES_BESIDE -> beside(zones).toWire(room);
            case LAME -> {
                Message answer = whole(zones);
                answer.getHeader().unsetFlag(Flags.AA);
                yield answer.toWire(room);
            }
        };
    }

    private Message empty() {
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        if (recursion) {
            answer.getHeader().setFlag(Flags.RD);
            answer.getHeader().setFlag(Flags.RA);
        }
        answer.addRecord(question, Section.QUESTION);
        return answer;
    }

    private byte[] failed(int code) {
        Message answer = empty();
        answer.getHeader().setRcode(code);
        return answer.toWire();
    }

    private byte[] truncated() {
        Message answer = empty();
        answer.getHeader().setFlag(Flags.TC);
        return answer.toWire();
    }

    private Message whole(FakeZones zones) {
        FakeZones.Found found = zones.find(question.getName(), question.getType(), recursion);
        Message answer = empty();
        if (!recursion) {
            if (!found.served()) {
                answer.getHeader().setRcode(Rcode.REFUSED);
                return answer;
            }
            answer.getHeader().setFlag(Flags.AA);
        }
        if (found.noSuchName()) {
            answer.getHeader().setRcode(Rcode.NXDOMAIN);
        }
        if (recursion && found.secure() && wantsValidation()) {
            answer.getHeader().setFlag(Flags.AD);
        }
        found.records().forEach(record -> answer.addRecord(record, Section.ANSWER));
        if (found.authority() != null) {
            answer.addRecord(found.authority(), Section.AUTHORITY);
        }
        if (query.getOPT() != null) {
            answer.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        }
        return answer;
    }

    private boolean wantsValidation() {
        OPTRecord edns = query.getOPT();
        return query.getHeader().getFlag(Flags.AD) || edns != null && (edns.getFlags() & ExtendedFlags.DO) != 0;
    }

    private Message beside(FakeZones zones) {
        Message honest = whole(zones);
        Message lying = empty();
        lying.getHeader().setRcode(honest.getHeader().getRcode());
        lying.addRecord(new ARecord(other(), DClass.IN, 86_400, InetAddress.ofLiteral("192.0.2.66")), Section.ANSWER);
        honest.getSection(Section.ANSWER).forEach(record -> lying.addRecord(record, Section.ANSWER));
        honest.getSection(Section.AUTHORITY).forEach(record -> lying.addRecord(record, Section.AUTHORITY));
        return lying;
    }

    private static Name other() {
        try {
            return Name.fromString("mallory.example.");
        } catch (TextParseException e) {
            throw new IllegalStateException(e);
        }
    }
}
