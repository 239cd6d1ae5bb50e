package io.sekisho.app.settings;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A list of a domain's recipients: an address or a local part a line. */
public final class RecipientFile {
    private RecipientFile() {}

    /** Reads the list. @param problems gets what is wrong, each with its line; the list is of use only when there is none */
    public static List<Mailbox> read(Path list, DomainName domain, RoutesLimits limits, List<Problem> problems) {
        List<Mailbox> mailboxes = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        int before = problems.size();
        for (TextFile.Line line : TextFile.read(list, "list of recipients", limits.fileOctets(), problems)) {
            switch (Names.recipient(line.text(), domain)) {
                case Value.Good<Mailbox>(Mailbox mailbox) -> {
                    if (keys.add(mailbox.key())) {
                        mailboxes.add(mailbox);
                    }
                }
                case Value.Bad<Mailbox>(String why) ->
                    problems.add(new Problem(list, line.number(), why, "Correct the line, or delete it"));
            }
        }
        if (mailboxes.isEmpty() && problems.size() == before) {
            problems.add(new Problem(
                    list, 0, "the list names nobody, so that all mail would be refused", "Add an address a line"));
        }
        if (mailboxes.size() > limits.recipients()) {
            problems.add(new Problem(
                    list, 0, "the list has more than " + limits.recipients() + " recipients", "Take some out"));
        }
        return List.copyOf(mailboxes);
    }
}
