package io.sekisho.mail.dkim;

import io.sekisho.mail.message.HeaderField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which header fields are signed (RFC 6376 section 5.4.1).
 *
 * @param oversigned fields that are named once more than they are there, so that nobody can add another one (section 5.4, 8.15)
 * @param present fields that are signed as often as they are there; lists and forwarders may add some
 */
public record SignedFields(List<String> oversigned, List<String> present) {
    /** What people and programs read. Trace fields and those that are taken off on the way are not signed. */
    public static final SignedFields DEFAULT = new SignedFields(
            List.of(
                    "From",
                    "Reply-To",
                    "Subject",
                    "Date",
                    "Message-ID",
                    "To",
                    "Cc",
                    "In-Reply-To",
                    "References",
                    "MIME-Version",
                    "Content-Type",
                    "Content-Transfer-Encoding",
                    "Content-Disposition"),
            List.of(
                    "Sender",
                    "Content-ID",
                    "Content-Description",
                    "Content-Language",
                    "Auto-Submitted",
                    "Resent-From",
                    "Resent-Sender",
                    "Resent-To",
                    "Resent-Cc",
                    "Resent-Date",
                    "Resent-Message-ID",
                    "List-ID",
                    "List-Help",
                    "List-Owner",
                    "List-Post",
                    "List-Subscribe",
                    "List-Archive",
                    // RFC 8058 section 4 asks for these two
                    "List-Unsubscribe",
                    "List-Unsubscribe-Post"));

    /** Copies the lists. @throws IllegalArgumentException when From is not among the first: it must be signed (RFC 6376 section 5.4) */
    public SignedFields {
        oversigned = List.copyOf(oversigned);
        present = List.copyOf(present);
        if (oversigned.stream().noneMatch("From"::equalsIgnoreCase)) {
            throw new IllegalArgumentException("From must be signed");
        }
    }

    /** The h= tag for a header section, in lower case. */
    List<String> names(List<HeaderField> fields) {
        List<String> names = new ArrayList<>();
        for (String name : oversigned) {
            add(names, name, count(fields, name) + 1);
        }
        for (String name : present) {
            add(names, name, count(fields, name));
        }
        return names;
    }

    private static void add(List<String> names, String name, long times) {
        for (int i = 0; i < times; i++) {
            names.add(name.toLowerCase(Locale.ROOT));
        }
    }

    private static long count(List<HeaderField> fields, String name) {
        return fields.stream().filter(field -> field.isNamed(name)).count();
    }
}
