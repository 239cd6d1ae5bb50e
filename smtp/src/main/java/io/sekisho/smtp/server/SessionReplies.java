package io.sekisho.smtp.server;

import io.sekisho.mail.address.EnhancedStatus;
import io.sekisho.smtp.Connection;
import io.sekisho.smtp.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The replies of a session that are always the same (RFC 5321 section 4.2, RFC 3463). */
final class SessionReplies {
    private static final EnhancedStatus SUCCESS = new EnhancedStatus(2, 0, 0);
    static final Reply OK = Reply.of(250, "2.0.0", "ok");
    static final Reply BYE = Reply.of(221, "2.0.0", "bye");
    static final Reply VRFY = Reply.of(252, "2.5.2", "cannot verify, send mail and see");
    static final Reply HELP =
            Reply.of(214, "2.0.0", "EHLO HELO MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT, see RFC 5321");
    static final Reply SENDER_OK = Reply.of(250, "2.1.0", "sender ok");
    static final Reply START_CONTENT = new Reply(354, null, List.of("send the message, end with CRLF.CRLF"));
    static final Reply STOPPING = Reply.of(421, "4.3.2", "the server stops, connect again");
    static final Reply TIMED_OUT = Reply.of(421, "4.4.2", "time is up, connect again");
    static final Reply TOO_MANY_ERRORS = Reply.of(421, "4.7.0", "too many errors");
    static final Reply TOO_MANY_REFUSED = Reply.of(421, "4.7.0", "too many refused recipients");
    static final Reply TOO_MANY_TRANSACTIONS =
            Reply.of(421, "4.7.0", "too many messages in one session, connect again");
    static final Reply TOO_MANY_SESSIONS = Reply.of(421, "4.7.0", "too many sessions from your address");
    static final Reply TOO_MANY_RECIPIENTS =
            Reply.of(452, "4.5.3", "too many recipients, send the others in another message");
    static final Reply TOO_LARGE = Reply.of(552, "5.3.4", "the message is larger than SIZE allows");
    static final Reply HELLO_FIRST = Reply.of(503, "5.5.1", "say EHLO first");
    static final Reply NESTED_MAIL = Reply.of(503, "5.5.1", "a mail transaction is open already");
    static final Reply MAIL_FIRST = Reply.of(503, "5.5.1", "say MAIL first");
    static final Reply NO_RECIPIENT = Reply.of(554, "5.5.1", "no valid recipient");
    static final Reply NEEDS_SMTPUTF8 =
            Reply.of(553, "5.6.7", "beyond ASCII: say SMTPUTF8 behind MAIL, or write it in ASCII");
    static final Reply EHLO_FOR_PARAMETERS = Reply.of(555, "5.5.4", "say EHLO to use this parameter");
    static final Reply CHUNKS_BEGUN = Reply.of(503, "5.5.1", "the message has begun with BDAT: go on, or say RSET");
    static final Reply NO_CHUNK_SIZE = Reply.of(501, "5.5.4", "say BDAT with a size, and LAST or nothing");
    static final Reply LINE_TOO_LONG = Reply.of(500, "5.5.2", "line too long");
    static final Reply START_TLS = Reply.of(220, "2.0.0", "ready for TLS");
    static final Reply TLS_NOT_OFFERED = Reply.of(502, "5.5.1", "STARTTLS is not offered");
    static final Reply TLS_ON = Reply.of(503, "5.5.1", "TLS is on already");
    static final Reply TLS_IN_TRANSACTION = Reply.of(503, "5.5.1", "no STARTTLS inside a mail transaction");
    static final Reply TLS_INJECTION = Reply.of(554, "5.5.1", "wait for the reply to STARTTLS before you go on");
    static final Reply NOT_SMTP = Reply.of(554, "5.5.1", "this is SMTP");

    private SessionReplies() {}

    /** The only 250 after data. @param receipt the proof that the message is stored */
    static Reply stored(Receipt receipt) {
        return new Reply(250, SUCCESS, List.of("stored as " + receipt.id()));
    }

    /** A chunk is here, but nothing is in our custody yet (RFC 3030 section 2). */
    static Reply chunk(long octets) {
        return new Reply(250, SUCCESS, List.of(octets + " octets received"));
    }

    /** Something happened that nobody foresaw. @param id by which it is found in the log */
    static Reply surprise(String id) {
        return Reply.of(451, "4.3.0", "local error " + id + ", try again later");
    }

    /** Writes one reply outside of a session. @param bound how long it may take */
    static void write(Reply reply, Connection connection, Duration bound) throws IOException {
        var writer = new ReplyWriter(connection, bound);
        writer.add(reply);
        writer.flush();
    }
}
