package io.sekisho.app.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The fifty sample mails. They stand as readable files in {@code resources/demo}; {@link SampleFile} says how to read them. */
public final class DemoMails {
    private static final String FOLDER = "/demo/";

    private DemoMails() {}

    /** All of them, in the order of the list {@code mails.txt}. */
    public static List<DemoMail> all() {
        return resource("mails.txt")
                .lines()
                .filter(line -> !line.isBlank())
                .map(name -> SampleFile.parse(name, resource(name + ".eml")))
                .toList();
    }

    private static String resource(String name) {
        try (InputStream in = DemoMails.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file demo/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
