package io.sekisho.mail.message;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;

/**
 * Content with header fields put in front of it.
 *
 * @param front whole header fields in ASCII, each ended by CR LF
 * @param rest the content they stand before
 */
public record PrecededContent(String front, Content rest) implements Content {
    @Override
    public long size() {
        return front.length() + rest.size();
    }

    @Override
    public boolean eightBit() {
        return rest.eightBit();
    }

    @Override
    public InputStream open() throws IOException {
        return new SequenceInputStream(
                new ByteArrayInputStream(front.getBytes(StandardCharsets.US_ASCII)), rest.open());
    }
}
