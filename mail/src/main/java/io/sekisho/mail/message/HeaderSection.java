package io.sekisho.mail.message;

import java.util.List;

/**
 * The header section of a message as {@link HeaderReader} found it.
 *
 * @param fields the fields in their order
 * @param findings defects, in the order of the fields
 * @param complete whether all of it was read; false when a limit cut it short
 * @param bodyAt where the body begins, in octets from the start of the content; the size of the content when there is no empty
 *     line. When the section was cut short at its octets, where reading stopped
 */
public record HeaderSection(List<HeaderField> fields, List<HeaderFinding> findings, boolean complete, long bodyAt) {
    /** Copies the lists. */
    public HeaderSection {
        fields = List.copyOf(fields);
        findings = List.copyOf(findings);
    }

    /** The fields of that name, whatever its case, from the top. */
    public List<HeaderField> named(String name) {
        return fields.stream().filter(field -> field.isNamed(name)).toList();
    }
}
