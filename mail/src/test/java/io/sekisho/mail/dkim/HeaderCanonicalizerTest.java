package io.sekisho.mail.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sekisho.mail.message.HeaderField;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeaderCanonicalizerTest {
    private static String canonical(Canonicalization canonicalization, String field) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        HeaderCanonicalizer.write(canonicalization, HeaderField.of(field.getBytes(StandardCharsets.ISO_8859_1)), out);
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void theExamplesOfRfc6376Section345() {
        assertEquals("a:X\r\n", canonical(Canonicalization.RELAXED, "A: X\r\n"));
        assertEquals("b:Y Z\r\n", canonical(Canonicalization.RELAXED, "B : Y\t\r\n\tZ  \r\n"));
        assertEquals("A: X\r\n", canonical(Canonicalization.SIMPLE, "A: X\r\n"));
        assertEquals("B : Y\t\r\n\tZ  \r\n", canonical(Canonicalization.SIMPLE, "B : Y\t\r\n\tZ  \r\n"));
    }

    @Test
    void fieldsOfAllSorts() {
        assertEquals("subject:\r\n", canonical(Canonicalization.RELAXED, "SUBJECT:\r\n \t\r\n"));
        assertEquals("subject:\u00e9 \u00e9\r\n", canonical(Canonicalization.RELAXED, "Subject:\u00e9\r\n \u00e9\r\n"));
        assertEquals("subject:ab\r\n", canonical(Canonicalization.RELAXED, "Subject: ab"));
        assertEquals("Subject: ab\r\n", canonical(Canonicalization.SIMPLE, "Subject: ab"));
    }

    @Test
    void fieldsAreTakenFromBelow() {
        List<HeaderField> fields = List.of(
                HeaderField.of("To: 1"), HeaderField.of("From: 2"), HeaderField.of("to: 3"), HeaderField.of("Cc: 4"));
        List<String> values =
                SignatureInput.select(fields, List.of("TO", "from", "to", "to", "subject", "from")).stream()
                        .map(HeaderField::value)
                        .toList();
        assertEquals(List.of("3", "2", "1"), values);
    }

    @Test
    void theSignatureIsTakenOutOfItsField() {
        assertEquals(
                "DKIM-Signature: v=1; b=; bh=ab=\r\n", without("DKIM-Signature: v=1; b= a\r\n b==\r\n ; bh=ab=\r\n"));
        assertEquals("DKIM-Signature: bh=ab; b=", without("DKIM-Signature: bh=ab; b=xyz\r\n"));
        assertEquals("DKIM-Signature: bh=ab;\r\n\tb =;\r\n", without("DKIM-Signature: bh=ab;\r\n\tb = xyz;\r\n"));
        assertEquals("DKIM-Signature:b=", without("DKIM-Signature:b=xyz\r\n"));
        assertEquals("DKIM-Signature: bh=b=x\r\n", without("DKIM-Signature: bh=b=x\r\n"));
    }

    private static String without(String field) {
        return new String(SignatureInput.withoutSignature(HeaderField.of(field)).raw(), StandardCharsets.US_ASCII);
    }
}
