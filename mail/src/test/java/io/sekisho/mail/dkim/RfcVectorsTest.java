package io.sekisho.mail.dkim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.Selector;
import io.sekisho.mail.dkim.key.SigningKey;
import io.sekisho.mail.message.HeaderField;
import io.sekisho.mail.message.HeaderLimits;
import io.sekisho.mail.message.HeaderReader;
import io.sekisho.mail.message.MemoryContent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The samples of RFC 6376 appendix A and RFC 8463 appendix A. */
class RfcVectorsTest {
    private static final Map<String, String> DNS = Map.of(
            "brisbane._domainkey.example.com",
            "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
                    + "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
                    + "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB",
            "brisbane._domainkey.football.example.com",
            "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
            "test._domainkey.football.example.com",
            "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi"
                    + "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G"
                    + "+2kryOTIKT+l/K4w3QIDAQAB");

    private static final String MESSAGE = """
            From: Joe SixPack <joe@football.example.com>
            To: Suzie Q <suzie@shopping.example.net>
            Subject: Is dinner ready?
            Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)
            Message-ID: <20030712040037.46341.5F8J@football.example.com>

            Hi.

            We lost the game.%sAre you hungry yet?

            Joe.
            """;

    /** RFC 6376 appendix A.2, with the one space between the sentences that its erratum 3192 puts right. */
    private static final String RFC_6376 = """
            DKIM-Signature: v=1; a=rsa-sha256; s=brisbane; d=example.com;
                  c=simple/simple; q=dns/txt; i=joe@football.example.com;
                  h=Received : From : To : Subject : Date : Message-ID;
                  bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
                  b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB
                    4nujc7YopdG5dWLSdNg6xNAZpOPr+kHxt1IrE+NahM6L/LbvaHut
                    KVdkLLkpVaVVQPzeRDI009SO2Il5Lu7rDNH6mZckBdrIx0orEtZV
                    4bmp/YzhwvcubU4=;
            Received: from client1.football.example.com  [192.0.2.1]
                  by submitserver.example.com with SUBMISSION;
                  Fri, 11 Jul 2003 21:01:54 -0700 (PDT)
            """ + MESSAGE.formatted(" ");

    private static final String ED25519_FIELD = """
            DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=brisbane; t=1528637909; h=from : to :
             subject : date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus
             Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==
            """;

    private static final String RFC_8463 = ED25519_FIELD + """
            DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;
             d=football.example.com; i=@football.example.com;
             q=dns/txt; s=test; t=1528637909; h=from : to : subject :
             date : message-id : from : subject : date;
             bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;
             b=F45dVWDfMbQDGHJFlXUNB2HKfbCeLRyhDXgFpEL8GwpsRe0IeIixNTe3
             DhCVlUrSjV4BwcVcOF6+FF3Zo9Rpo1tFOeS9mPYQTnGdaSGsgeefOsk2Jz
             dA+L10TeYt9BgDfQNZtKdN1WO//KgIqXP7OdEFE4LjFYNcUxZQ4FADY+8=
            """ + MESSAGE.formatted("  ");

    private static MemoryContent content(String text) {
        byte[] octets = text.replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII);
        return new MemoryContent(octets, octets.length, false);
    }

    @Test
    void bothSamplesVerify() throws Exception {
        assertTrue(new TestVerifier(content(RFC_6376), DNS::get).allVerify());
        TestVerifier two = new TestVerifier(content(RFC_8463), DNS::get);
        assertEquals(2, two.signatures().size());
        assertTrue(two.allVerify());
    }

    @Test
    void aChangeIsSeen() throws Exception {
        for (String changed : List.of(
                RFC_8463.replace("dinner", "supper"),
                RFC_8463.replace("We lost", "We won"),
                RFC_8463.replace("To: Suzie", "Subject: another\nTo: Suzie"))) {
            TestVerifier verifier = new TestVerifier(content(changed), DNS::get);
            for (HeaderField signature : verifier.signatures()) {
                assertFalse(verifier.verifies(signature));
            }
        }
        // relaxed: blanks and folding may change
        assertTrue(new TestVerifier(
                        content(RFC_8463.replace("Subject: Is dinner", "SUBJECT:Is\n\tdinner")
                                .replace("Joe.\n", "Joe. \n\n")),
                        DNS::get)
                .allVerify());
    }

    /** The private key of RFC 8463 appendix A.2 makes the signature of appendix A.3 again. */
    @Test
    void theSignatureOfRfc8463IsMadeAgain() throws Exception {
        byte[] seed = Base64.getDecoder().decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
        byte[] prefix = HexFormat.of().parseHex("302e020100300506032b657004220420");
        byte[] pkcs8 = Arrays.copyOf(prefix, prefix.length + seed.length);
        System.arraycopy(seed, 0, pkcs8, prefix.length, seed.length);
        SigningKey key = SigningKey.of(new Selector("brisbane"), DkimAlgorithm.ED25519_SHA256, pkcs8);
        List<HeaderField> fields = new HeaderReader(HeaderLimits.DEFAULT)
                .read(content(MESSAGE.formatted("  ")))
                .fields();
        byte[] input = SignatureInput.of(
                Canonicalization.RELAXED,
                fields,
                List.of("from", "to", "subject", "date", "message-id", "from", "subject", "date"),
                HeaderField.of(ED25519_FIELD.replace("\n", "\r\n")));
        assertEquals(
                "/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11BusFa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==",
                Base64.getEncoder().encodeToString(key.algorithm().sign(key.key(), input)));
    }
}
