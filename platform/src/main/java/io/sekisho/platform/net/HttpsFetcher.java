package io.sekisho.platform.net;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Fetches a small file by HTTPS (RFC 9112, RFC 9110 section 4.3.4). Every address is checked and exactly the checked one is
 * connected; the certificate must be trusted and name the host. Nothing is redirected, cached or retried.
 */
public final class HttpsFetcher {
    private final HostResolver resolver;
    private final AddressGuard guard;
    private final Watchdog watchdog;
    private final SSLSocketFactory tls;
    private final HttpsLimits limits;

    /**
     * A fetcher.
     *
     * @param resolver finds the addresses of hosts
     * @param guard asked about every address
     * @param watchdog keeps the time of the connections
     * @param tls knows which certificates are trusted
     * @param limits bounds
     */
    public HttpsFetcher(
            HostResolver resolver, AddressGuard guard, Watchdog watchdog, SSLSocketFactory tls, HttpsLimits limits) {
        this.resolver = resolver;
        this.guard = guard;
        this.watchdog = watchdog;
        this.tls = tls;
        this.limits = limits;
    }

    /**
     * A fetcher that trusts certificates of these roots and no others.
     *
     * @throws IllegalStateException when this Java cannot use them
     */
    public static HttpsFetcher trusting(
            Collection<X509Certificate> roots,
            HostResolver resolver,
            AddressGuard guard,
            Watchdog watchdog,
            HttpsLimits limits) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate root : roots) {
                store.setCertificateEntry("root " + number++, root);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return new HttpsFetcher(resolver, guard, watchdog, context.getSocketFactory(), limits);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the trusted roots cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * Fetches a file.
     *
     * @param host a host name, in A-label form
     * @param port 1 to 65535, by rule 443
     * @param path of the file, beginning with a slash, as it is to be sent
     */
    public HttpsAnswer get(String host, int port, String path) {
        List<InetAddress> found;
        try {
            found = resolver.resolve(host);
        } catch (UnknownHostException e) {
            found = List.of();
        } catch (IOException e) {
            return new HttpsAnswer.Failed(HttpsAnswer.Cause.NO_ADDRESS, host + ": " + e.getMessage());
        }
        if (found.isEmpty()) {
            return new HttpsAnswer.Failed(HttpsAnswer.Cause.NO_ADDRESS, host + " has no address");
        }
        List<InetAddress> allowed = found.stream().filter(guard::allows).toList();
        if (allowed.isEmpty()) {
            return new HttpsAnswer.Failed(
                    HttpsAnswer.Cause.NOT_ALLOWED,
                    "connections to " + found.getFirst().getHostAddress() + " are not allowed");
        }
        return get(host, port, path, allowed.subList(0, Math.min(limits.addresses(), allowed.size())));
    }

    private HttpsAnswer get(String host, int port, String path, List<InetAddress> addresses) {
        long by = watchdog.now() + limits.all().toNanos();
        List<String> troubles = new ArrayList<>();
        for (InetAddress address : addresses) {
            long left = by - watchdog.now();
            if (left <= 0) {
                break;
            }
            Socket socket = new Socket();
            try {
                int patience = (int) Math.min(limits.connect().toMillis(), left / 1_000_000 + 1);
                socket.connect(new InetSocketAddress(address, port), Math.max(1, patience));
            } catch (IOException e) {
                close(socket);
                troubles.add("no connection to " + Endpoint.of(address, port) + ": " + e.getMessage());
                continue;
            }
            return exchange(socket, host, port, path, by);
        }
        return new HttpsAnswer.Failed(
                watchdog.now() - by >= 0 ? HttpsAnswer.Cause.TOO_SLOW : HttpsAnswer.Cause.UNREACHABLE,
                String.join("; ", troubles));
    }

    private HttpsAnswer exchange(Socket connected, String host, int port, String path, long by) {
        // wrapped for its deadline alone: whatever blocks on the socket ends when the watchdog closes it
        try (SocketConnection bound = new SocketConnection(connected, watchdog)) {
            long left = Math.max(1, by - watchdog.now());
            bound.deadline(Duration.ofNanos(left));
            connected.setSoTimeout((int) Math.max(1, left / 1_000_000));
            try (SSLSocket secured = (SSLSocket) tls.createSocket(connected, host, port, true)) {
                SSLParameters parameters = secured.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                parameters.setServerNames(List.of(new SNIHostName(host)));
                parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
                secured.setSSLParameters(parameters);
                secured.startHandshake();
                OutputStream out = secured.getOutputStream();
                out.write(request(host, port, path));
                out.flush();
                return new HttpReader(secured.getInputStream(), limits).read();
            }
        } catch (IOException e) {
            return failed(e, host, watchdog.now() - by >= 0);
        }
    }

    private static byte[] request(String host, int port, String path) {
        String authority = port == 443 ? host : host + ":" + port;
        return ("GET " + path + " HTTP/1.1\r\nHost: " + authority
                        + "\r\nAccept: text/plain\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static HttpsAnswer.Failed failed(IOException e, String host, boolean late) {
        if (late || e instanceof SocketTimeoutException) {
            return new HttpsAnswer.Failed(HttpsAnswer.Cause.TOO_SLOW, host + " did not answer in time");
        }
        if (e instanceof SSLException) {
            String certificate = aboutCertificate(e);
            return certificate != null
                    ? new HttpsAnswer.Failed(HttpsAnswer.Cause.CERTIFICATE, host + ": " + certificate)
                    : new HttpsAnswer.Failed(HttpsAnswer.Cause.TLS, host + ": " + e.getMessage());
        }
        return new HttpsAnswer.Failed(HttpsAnswer.Cause.UNREACHABLE, host + ": " + e.getMessage());
    }

    /** What is wrong with the certificate; null when something else is. */
    private static @Nullable String aboutCertificate(Throwable e) {
        String told = null;
        for (Throwable at = e; at != null; at = at.getCause()) {
            if (at instanceof CertificateException || at instanceof CertPathValidatorException) {
                told = String.valueOf(at.getMessage());
            }
        }
        return told;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it was never open
        }
    }
}
