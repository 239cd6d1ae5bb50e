package io.sekisho.smtp.server;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that talk to a server with the usual limits. */
abstract class ServerTest {
    @TempDir
    Path incoming;

    ServerFixture fixture;

    @BeforeEach
    void start() {
        fixture = new ServerFixture(ServerFixture.LIMITS, incoming);
    }

    @AfterEach
    void stop() throws Exception {
        fixture.stop();
    }
}
