package io.sekisho.gateway.signing;

import io.sekisho.mail.dkim.key.DkimAlgorithm;
import java.time.Instant;
import java.util.List;

/**
 * A record that belongs in DNS now.
 *
 * @param name where, such as {@code sekisho1._domainkey.gate.example}
 * @param algorithm what the key signs with
 * @param strings the strings of the TXT record, each at most 255 octets
 * @param state where the key is in its life
 */
public record PublishedKey(String name, DkimAlgorithm algorithm, List<String> strings, State state) {
    /** Copies the list. */
    public PublishedKey {
        strings = List.copyOf(strings);
    }

    /** Where a key is in its life. */
    public sealed interface State {
        /** In words, for the operator. */
        String words();

        /** DNS has not shown the record yet. @param made when the key was made */
        record ToPublish(Instant made) implements State {
            @Override
            public String words() {
                return "publish this";
            }
        }

        /** DNS has shown the record; the key signs when its turn comes. @param seen since when */
        record Waiting(Instant seen) implements State {
            @Override
            public String words() {
                return "published, signs next";
            }
        }

        /** The key signs. @param since from when on */
        record Signing(Instant since) implements State {
            @Override
            public String words() {
                return "signing since " + since;
            }
        }

        /** The key signs no longer, but mail it signed is still under way. @param until when the record may go */
        record Retired(Instant until) implements State {
            @Override
            public String words() {
                return "retired, keep until " + until;
            }
        }
    }

    /** The record as it stands in a zone file. */
    public String zoneLine() {
        StringBuilder line = new StringBuilder(name).append(". IN TXT");
        strings.forEach(string -> line.append(" \"").append(string).append('"'));
        return line.toString();
    }
}
