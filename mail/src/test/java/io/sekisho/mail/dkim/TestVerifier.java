package io.sekisho.mail.dkim;

import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.KeyRecord;
import io.sekisho.mail.dkim.key.TagList;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.HeaderField;
import io.sekisho.mail.message.HeaderLimits;
import io.sekisho.mail.message.HeaderReader;
import io.sekisho.mail.message.HeaderSection;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Checks signatures with the canonicalizers of the product; also rsa-sha1, which old samples have. */
final class TestVerifier {
    private final HeaderSection header;
    private final Content content;
    private final Function<String, @Nullable String> dns;

    /** @param dns the text of the record at a name */
    TestVerifier(Content content, Function<String, @Nullable String> dns) throws IOException {
        this.content = content;
        this.header = new HeaderReader(HeaderLimits.DEFAULT).read(content);
        this.dns = dns;
    }

    List<HeaderField> signatures() {
        return header.named("DKIM-Signature");
    }

    boolean allVerify() throws IOException, GeneralSecurityException {
        if (signatures().isEmpty()) {
            return false;
        }
        for (HeaderField signature : signatures()) {
            if (!verifies(signature)) {
                return false;
            }
        }
        return true;
    }

    boolean verifies(HeaderField signature) throws IOException, GeneralSecurityException {
        TagList tags = tags(signature);
        String algorithm = there(tags.get("a"));
        String[] both = Objects.requireNonNullElse(tags.get("c"), "simple").split("/");
        Canonicalization ofHeader = there(Canonicalization.ofTag(both[0]));
        Canonicalization ofBody = there(Canonicalization.ofTag(both.length > 1 ? both[1] : "simple"));
        MessageDigest digest = MessageDigest.getInstance(algorithm.endsWith("sha1") ? "SHA-1" : "SHA-256");
        if (!Base64.getEncoder().encodeToString(body(ofBody, tags, digest)).equals(tags.compact("bh"))) {
            return false;
        }
        KeyRecord record = there(KeyRecord.parse(there(dns.apply(recordName(tags)))));
        PublicKey key = there(record.publicKey());
        byte[] input = SignatureInput.of(
                ofHeader, header.fields(), List.of(there(tags.compact("h")).split(":")), signature);
        byte[] signed = decoded(there(tags.compact("b")));
        if (algorithm.equals("rsa-sha1")) {
            Signature verifier = Signature.getInstance("SHA1withRSA");
            verifier.initVerify(key);
            verifier.update(input);
            return verifier.verify(signed);
        }
        return there(DkimAlgorithm.ofTag(algorithm)).verify(key, input, signed);
    }

    /** Nothing when it is no base64: that verifies nowhere. */
    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    static TagList tags(HeaderField signature) {
        return there(TagList.parse(signature.value()));
    }

    static String recordName(TagList tags) {
        return tags.get("s") + "._domainkey." + tags.get("d");
    }

    static <T> T there(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    private byte[] body(Canonicalization canonicalization, TagList tags, MessageDigest digest) throws IOException {
        String limit = tags.get("l");
        long[] left = {limit == null ? Long.MAX_VALUE : Long.parseLong(limit)};
        BodyCanonicalizer canonicalizer = BodyCanonicalizer.of(canonicalization, (from, offset, length) -> {
            digest.update(from, offset, (int) Math.min(left[0], length));
            left[0] -= Math.min(left[0], length);
        });
        try (InputStream in = content.open()) {
            in.skipNBytes(header.bodyAt());
            byte[] octets = in.readAllBytes();
            canonicalizer.update(octets, 0, octets.length);
        }
        canonicalizer.finish();
        return digest.digest();
    }
}
