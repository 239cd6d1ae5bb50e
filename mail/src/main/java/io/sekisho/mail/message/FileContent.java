package io.sekisho.mail.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Content held in a file of its own.
 *
 * @param path the file; whoever owns the content moves or deletes it
 * @param size the number of octets
 * @param eightBit whether any octet is above 127
 */
public record FileContent(Path path, long size, boolean eightBit) implements Content {
    @Override
    public InputStream open() throws IOException {
        return Files.newInputStream(path);
    }
}
