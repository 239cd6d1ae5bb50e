package io.sekisho.smtp;

import io.sekisho.mail.address.Mailbox;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the sender of a message wants of notices about one recipient, from the parameters of RCPT (RFC 3461 sections 4.1 and
 * 4.2).
 *
 * @param notices in which cases (NOTIFY); empty when it was not said, {@link Notify#NEVER} stands alone
 * @param originalRecipient whom the sender wrote to at first (ORCPT), type and address as they were said, such as
 *     {@code rfc822;taro@hakone.example}, at most 500 octets; empty when it was not said
 */
public record RecipientParameters(Set<Notify> notices, String originalRecipient) {
    /** Neither parameter was said. */
    public static final RecipientParameters NONE = new RecipientParameters(Set.of(), "");

    private static final int MAX_ORIGINAL_RECIPIENT = 500;
    private static final String UTF_8 = "utf-8;";

    /** A case in which the sender wants a notice. */
    public enum Notify {
        /** In none. */
        NEVER,
        /** When it was delivered. */
        SUCCESS,
        /** When it cannot be delivered. */
        FAILURE,
        /** When it is late. */
        DELAY
    }

    /** Copies the set and checks both. @throws IllegalArgumentException when a value is none that RCPT may have */
    public RecipientParameters {
        notices = notices.isEmpty() ? Set.of() : Set.copyOf(notices);
        if (notices.contains(Notify.NEVER) && notices.size() > 1) {
            throw new IllegalArgumentException("NEVER stands alone");
        }
        if (!originalRecipient.isEmpty() && !isOriginalRecipient(originalRecipient)) {
            throw new IllegalArgumentException("not an original recipient: " + originalRecipient);
        }
    }

    /** What the value of NOTIFY means, in any case; null when it is no value of it. */
    public static @Nullable Set<Notify> notices(String value) {
        Set<Notify> found = EnumSet.noneOf(Notify.class);
        for (String word : value.toUpperCase(Locale.ROOT).split(",", -1)) {
            Notify one = word(word);
            if (one == null || !found.add(one)) {
                return null;
            }
        }
        return found.contains(Notify.NEVER) && found.size() > 1 ? null : found;
    }

    private static @Nullable Notify word(String word) {
        return switch (word) {
            case "NEVER" -> Notify.NEVER;
            case "SUCCESS" -> Notify.SUCCESS;
            case "FAILURE" -> Notify.FAILURE;
            case "DELAY" -> Notify.DELAY;
            default -> null;
        };
    }

    /** The value of NOTIFY, its words in a fixed order; empty when it was not said. */
    public String notifyValue() {
        return Arrays.stream(Notify.values())
                .filter(notices::contains)
                .map(Notify::name)
                .collect(Collectors.joining(","));
    }

    /**
     * Whether the text can be the value of ORCPT: a type, a semicolon and the address in xtext; or the type {@code utf-8} and
     * an address in the forms of RFC 6533 section 3.
     */
    public static boolean isOriginalRecipient(String value) {
        int semicolon = value.indexOf(';');
        if (semicolon < 1 || semicolon == value.length() - 1 || Mailbox.octets(value) > MAX_ORIGINAL_RECIPIENT) {
            return false;
        }
        for (int i = 0; i < semicolon; i++) {
            char c = value.charAt(i);
            if (c > 127 || !Mailbox.atext(c) || c == '=' || c == '+') {
                return false;
            }
        }
        String address = value.substring(semicolon + 1);
        return ofUtf8(value) ? utf8Text(address) != null : Xtext.decode(address) != null;
    }

    private static boolean ofUtf8(String value) {
        return value.regionMatches(true, 0, UTF_8, 0, UTF_8.length());
    }

    /** Whether it can be said in SMTPUTF8 only, as it is written. */
    public boolean international() {
        return originalRecipient.chars().anyMatch(c -> c > 127);
    }

    /** The value of ORCPT in ASCII: characters beyond it as <code>\x{…}</code> (RFC 6533 section 3). */
    public String asciiOriginalRecipient() {
        if (!international()) {
            return originalRecipient;
        }
        var ascii = new StringBuilder();
        originalRecipient.codePoints().forEach(c -> {
            if (c < 128) {
                ascii.append((char) c);
            } else {
                ascii.append("\\x{")
                        .append(Integer.toHexString(c).toUpperCase(Locale.ROOT))
                        .append('}');
            }
        });
        return ascii.toString();
    }

    /** The address of the original recipient as a person reads it; empty when it was not said. */
    public String originalAddress() {
        String address = originalRecipient.substring(originalRecipient.indexOf(';') + 1);
        String text = ofUtf8(originalRecipient) ? utf8Text(address) : Xtext.decode(address);
        return text == null ? "" : text;
    }

    /** What an address of the type utf-8 stands for; null when it is none. */
    private static @Nullable String utf8Text(String address) {
        var text = new StringBuilder(address.length());
        int i = 0;
        while (i < address.length()) {
            char c = address.charAt(i);
            if (c < 33 || c == 127 || c == '+' || c == '=' || Character.isISOControl(c)) {
                return null;
            }
            if (c != '\\') {
                text.append(c);
                i++;
                continue;
            }
            int end = address.indexOf('}', i);
            int point = end < 0 || !address.startsWith("\\x{", i) ? -1 : point(address.substring(i + 3, end));
            if (point < 0) {
                return null;
            }
            text.appendCodePoint(point);
            i = end + 1;
        }
        return text.toString();
    }

    /** The character whose number this is, in 2 to 6 hexadecimal digits; -1 when it is none that may be written so. */
    private static int point(String hex) {
        boolean digits = hex.length() >= 2
                && hex.length() <= 6
                && hex.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'A' && c <= 'F');
        int point = digits ? Integer.parseInt(hex, 16) : -1;
        boolean character = Character.isValidCodePoint(point)
                && !Character.isISOControl(point)
                && !(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
        return character ? point : -1;
    }

    /** The parameters as they stand in RCPT, each with a space before it. @param utf8 whether SMTPUTF8 was said in MAIL */
    public String toCommand(boolean utf8) {
        List<String> said = new ArrayList<>(2);
        if (!notices.isEmpty()) {
            said.add(" NOTIFY=" + notifyValue());
        }
        if (!originalRecipient.isEmpty()) {
            said.add(" ORCPT=" + (utf8 ? originalRecipient : asciiOriginalRecipient()));
        }
        return String.join("", said);
    }
}
