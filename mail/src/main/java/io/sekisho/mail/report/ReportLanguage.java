package io.sekisho.mail.report;

/** The language of what people read. */
public enum ReportLanguage {
    /** Japanese. */
    JAPANESE,
    /** English. */
    ENGLISH,
    /** Japanese, and English below it. */
    BOTH;

    boolean japanese() {
        return this != ENGLISH;
    }

    boolean english() {
        return this != JAPANESE;
    }
}
