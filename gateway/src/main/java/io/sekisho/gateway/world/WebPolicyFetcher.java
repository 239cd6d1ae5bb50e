package io.sekisho.gateway.world;

import io.sekisho.mail.address.DomainName;
import io.sekisho.platform.net.HttpsAnswer;
import io.sekisho.platform.net.HttpsFetcher;

/** Fetches policies from {@code https://mta-sts.<domain>/.well-known/mta-sts.txt}. */
public final class WebPolicyFetcher implements PolicyFetcher {
    /** The port of HTTPS. */
    public static final int PORT = 443;

    private static final String PATH = "/.well-known/mta-sts.txt";
    private static final int OK = 200;

    private final HttpsFetcher https;
    private final int port;

    /** A fetcher. @param port of the web servers, by rule {@link #PORT} */
    public WebPolicyFetcher(HttpsFetcher https, int port) {
        this.https = https;
        this.port = port;
    }

    @Override
    public Fetched fetch(DomainName domain) {
        DomainName host = DomainName.parse("mta-sts." + domain);
        if (host == null) {
            return new Fetched.Failed(PolicyFailure.STS_POLICY_FETCH_ERROR, domain + " is too long for a policy");
        }
        return switch (https.get(host.ascii(), port, PATH)) {
            case HttpsAnswer.Said said
            when said.status() == OK && said.mediaType().equals("text/plain") -> new Fetched.Text(said.body());
            case HttpsAnswer.Said said ->
                new Fetched.Failed(
                        PolicyFailure.STS_POLICY_FETCH_ERROR,
                        said.status() == OK
                                ? host + " gave " + (said.mediaType().isEmpty() ? "no media type" : said.mediaType())
                                        + " instead of text/plain"
                                : host + " answered " + said.status());
            case HttpsAnswer.Failed failed ->
                new Fetched.Failed(
                        failed.cause() == HttpsAnswer.Cause.CERTIFICATE
                                ? PolicyFailure.STS_WEBPKI_INVALID
                                : PolicyFailure.STS_POLICY_FETCH_ERROR,
                        failed.detail());
        };
    }
}
