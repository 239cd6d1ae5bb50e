package io.sekisho.testkit.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.platform.net.AddressGuard;
import io.sekisho.platform.net.HostResolver;
import io.sekisho.platform.net.HttpsAnswer;
import io.sekisho.platform.net.HttpsAnswer.Cause;
import io.sekisho.platform.net.HttpsFetcher;
import io.sekisho.platform.net.HttpsLimits;
import io.sekisho.platform.net.Watchdog;
import io.sekisho.testkit.tls.TestAuthority;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpsFetcherTest {
    private static final TestAuthority AUTHORITY = TestAuthority.root("Root");
    private static final SSLSocketFactory TRUSTING = AUTHORITY.trusting().getSocketFactory();
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress BESIDE = InetAddress.ofLiteral("127.0.0.2");
    private static final HttpsLimits LIMITS =
            new HttpsLimits(Duration.ofSeconds(5), Duration.ofSeconds(5), 3, 1024, 4096);

    private final Watchdog watchdog = new Watchdog(System::nanoTime, Duration.ofMillis(20));
    private final FakeWebsite site = FakeWebsite.start(AUTHORITY.issue("www.example"));

    @AfterEach
    void close() {
        site.close();
        watchdog.close();
    }

    private HttpsFetcher fetcher(HostResolver resolver, AddressGuard guard, HttpsLimits limits) {
        return new HttpsFetcher(resolver, guard, watchdog, TRUSTING, limits);
    }

    private HttpsAnswer get() {
        return fetcher(host -> List.of(HERE), address -> true, LIMITS).get("www.example", site.port(), "/a.txt");
    }

    private HttpsAnswer.Said said() {
        HttpsAnswer answer = get();
        assertInstanceOf(HttpsAnswer.Said.class, answer, answer::toString);
        return (HttpsAnswer.Said) answer;
    }

    private static Cause cause(HttpsAnswer answer) {
        assertInstanceOf(HttpsAnswer.Failed.class, answer, answer::toString);
        return ((HttpsAnswer.Failed) answer).cause();
    }

    @Test
    void aFileIsFetched() {
        site.page("hello\r\n");
        HttpsAnswer.Said said = said();
        assertEquals(200, said.status());
        assertEquals("text/plain", said.mediaType());
        assertEquals("hello\r\n", said.body());
        assertTrue(site.requests().getFirst().startsWith("GET /a.txt HTTP/1.1\r\nHost: www.example:" + site.port()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\nhello",
                "HTTP/1.0 200\r\n\r\nhello",
                "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello and more",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"
            })
    void responsesOfAllForms(String response) {
        site.raw(response);
        assertEquals("hello", said().body());
    }

    @Test
    void redirectsAreNotFollowed() {
        site.raw("HTTP/1.1 302 Found\r\nLocation: https://www.example/b\r\nContent-Length: 2\r\n\r\nxx");
        HttpsAnswer.Said said = said();
        assertEquals(302, said.status());
        assertEquals("", said.body());
        assertEquals(1, site.requests().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "220 mx.example ESMTP\r\n",
                "HTTP/2 200\r\n\r\n",
                "HTTP/1.1 20 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
                "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nhello",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
            })
    void whatIsNoResponseIsMalformed(String response) {
        site.raw(response);
        assertEquals(Cause.MALFORMED, cause(get()), response);
    }

    @Test
    void nothingIsTakenBeyondTheBounds() {
        site.page("x".repeat(4096));
        assertEquals(4096, said().body().length());
        site.page("x".repeat(4097));
        assertEquals(Cause.TOO_LARGE, cause(get()));
        site.raw("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(4097));
        assertEquals(Cause.TOO_LARGE, cause(get()));
        site.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffff\r\n");
        assertEquals(Cause.TOO_LARGE, cause(get()));
        site.raw("HTTP/1.1 200 OK\r\nX: " + "x".repeat(1024) + "\r\n\r\n");
        assertEquals(Cause.TOO_LARGE, cause(get()));
        site.raw("HTTP/1.1 100 Continue\r\n\r\n".repeat(100));
        assertEquals(Cause.TOO_LARGE, cause(get()));
    }

    @Test
    void aServerThatDripsGainsNothing() {
        site.page("hello");
        site.slow(Duration.ofMillis(40));
        HttpsLimits hurried = new HttpsLimits(Duration.ofSeconds(5), Duration.ofMillis(400), 3, 1024, 4096);
        assertEquals(
                Cause.TOO_SLOW,
                cause(fetcher(host -> List.of(HERE), address -> true, hurried)
                        .get("www.example", site.port(), "/a.txt")));
        assertEquals(0, watchdog.connections());
    }

    @Test
    void theCertificateMustHold() {
        try (FakeWebsite other = FakeWebsite.start(AUTHORITY.issue("other.example"));
                FakeWebsite old = FakeWebsite.start(AUTHORITY.issue(TestAuthority.FROM.plusSeconds(1), "www.example"));
                FakeWebsite stranger =
                        FakeWebsite.start(TestAuthority.root("Root").issue("www.example"))) {
            for (FakeWebsite wrong : List.of(other, old, stranger)) {
                wrong.page("hello");
                assertEquals(
                        Cause.CERTIFICATE,
                        cause(fetcher(host -> List.of(HERE), address -> true, LIMITS)
                                .get("www.example", wrong.port(), "/a.txt")));
                assertEquals(List.of(), wrong.requests());
            }
        }
    }

    @Test
    void aServerWithoutTls() throws Exception {
        try (ServerSocket plain = new ServerSocket(0, 1, HERE)) {
            Thread server = Thread.ofVirtual().start(() -> {
                try (Socket client = plain.accept()) {
                    client.getOutputStream().write("220 mx.example ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertEquals(
                    Cause.TLS,
                    cause(fetcher(host -> List.of(HERE), address -> true, LIMITS)
                            .get("www.example", plain.getLocalPort(), "/a.txt")));
            server.join();
        }
    }

    @Test
    void addressesAreCheckedAndTriedInTurn() throws IOException {
        site.page("hello");
        HttpsAnswer answer = fetcher(host -> List.of(BESIDE, HERE), address -> true, LIMITS)
                .get("www.example", site.port(), "/a.txt");
        assertInstanceOf(HttpsAnswer.Said.class, answer, answer::toString);
        assertEquals(
                Cause.NOT_ALLOWED,
                cause(fetcher(host -> List.of(HERE), address -> false, LIMITS)
                        .get("www.example", site.port(), "/a.txt")));
        assertEquals(1, site.requests().size());
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, HERE)) {
            closed = socket.getLocalPort();
        }
        assertEquals(
                Cause.UNREACHABLE,
                cause(fetcher(host -> List.of(HERE), address -> true, LIMITS).get("www.example", closed, "/a.txt")));
    }

    @Test
    void aHostWithoutAddress() {
        assertEquals(
                Cause.NO_ADDRESS,
                cause(fetcher(host -> List.of(), address -> true, LIMITS).get("www.example", 443, "/")));
        assertEquals(
                Cause.NO_ADDRESS,
                cause(fetcher(
                                host -> {
                                    throw new UnknownHostException(host);
                                },
                                address -> true,
                                LIMITS)
                        .get("www.example", 443, "/")));
    }
}
