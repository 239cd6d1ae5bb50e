package io.sekisho.mail.message;

/**
 * A defect and where it is.
 *
 * @param defect what it is
 * @param field the index of the field in {@link HeaderSection#fields()}; the number of fields when it lies after the last one
 */
public record HeaderFinding(HeaderDefect defect, int field) {}
