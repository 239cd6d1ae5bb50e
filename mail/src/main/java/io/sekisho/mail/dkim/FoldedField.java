package io.sekisho.mail.dkim;

/**
 * Writes a header field in lines of at most 78 characters where it may be folded (RFC 5322 section 2.1.1). A single word that
 * is longer, as a very long domain name, has a line of its own.
 */
final class FoldedField {
    private static final int WIDTH = 78;
    /** Fewer characters of base64 are not put at the end of a line. */
    private static final int SHORTEST = 8;

    private final StringBuilder text;
    private int column;

    FoldedField(String name) {
        this.text = new StringBuilder(name).append(':');
        this.column = text.length();
    }

    /** A word after a space or a fold. */
    FoldedField word(String word) {
        if (column > 1 && column + 1 + word.length() > WIDTH) {
            fold();
        } else {
            append(" ");
        }
        append(word);
        return this;
    }

    /** A piece that follows at once or after a fold. */
    FoldedField piece(String piece) {
        if (column > 1 && column + piece.length() > WIDTH) {
            fold();
        }
        append(piece);
        return this;
    }

    /** Text that may be folded anywhere. */
    FoldedField base64(String encoded) {
        int from = 0;
        while (from < encoded.length()) {
            if (WIDTH - column < Math.min(SHORTEST, encoded.length() - from)) {
                fold();
            }
            int to = Math.min(encoded.length(), from + WIDTH - column);
            append(encoded.substring(from, to));
            from = to;
        }
        return this;
    }

    private void fold() {
        text.append("\r\n ");
        column = 1;
    }

    private void append(String piece) {
        text.append(piece);
        column += piece.length();
    }

    /** The field so far, without a line end. */
    @Override
    public String toString() {
        return text.toString();
    }
}
