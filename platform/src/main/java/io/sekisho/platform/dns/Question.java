package io.sekisho.platform.dns;

import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * What is asked.
 *
 * @param name whose records
 * @param type which of them
 */
record Question<R extends DnsRecord>(DnsName name, RecordType<R> type) {
    /**
     * The question as octets.
     *
     * @param id by which the answer is known, 0 to 65535
     * @param recursion whether the server is to ask others, and to say whether it has validated (RFC 6840 section 5.7)
     * @param udpOctets the largest answer over UDP; 0 for a question without EDNS (RFC 6891)
     */
    byte[] octets(int id, boolean recursion, int udpOctets) {
        Message message = new Message(id);
        if (recursion) {
            message.getHeader().setFlag(Flags.RD);
            message.getHeader().setFlag(Flags.AD);
        }
        message.addRecord(asked(), Section.QUESTION);
        if (udpOctets > 0) {
            message.addRecord(new OPTRecord(udpOctets, 0, 0), Section.ADDITIONAL);
        }
        return message.toWire();
    }

    /** The answer that the octets are to the question with this id; null when they are not one (RFC 5452 section 9.1). */
    @Nullable
    Message answer(int id, byte[] octets) {
        try {
            Message message = new Message(octets);
            boolean ours =
                    message.getHeader().getID() == id && message.getHeader().getFlag(Flags.QR);
            Record said = message.getQuestion();
            // an error may come without the question, and nothing is taken from it
            boolean same = said == null
                    ? message.getHeader().getRcode() != 0
                    : said.getType() == type.number()
                            && said.getDClass() == DClass.IN
                            && Records.name(said.getName()).equals(name);
            return ours && same ? message : null;
        } catch (IOException | RuntimeException e) {
            // the library throws more than it says on octets that are no message
            return null;
        }
    }

    private Record asked() {
        return Record.newRecord(Records.name(name), type.number(), DClass.IN);
    }

    @Override
    public String toString() {
        return type + " of " + name;
    }
}
