package io.sekisho.mail.dkim;

import io.sekisho.mail.dkim.key.SigningKey;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.HeaderField;
import io.sekisho.mail.message.HeaderReader;
import io.sekisho.mail.message.HeaderSection;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/**
 * Signs messages (RFC 6376 section 5). The content is read once for its header and once for its body; only the header section
 * and a buffer are in memory. The same message, plan and time give the same signatures. Sign what is going to be sent: a
 * change of the transfer encoding afterwards breaks the signature (section 5.3).
 */
public final class DkimSigner {
    private static final String NAME = "DKIM-Signature";

    private final InstantSource clock;
    private final SigningLimits limits;
    private final HeaderReader reader;

    /** A signer. @param clock the time of signing, t= */
    public DkimSigner(InstantSource clock, SigningLimits limits) {
        this.clock = clock;
        this.limits = limits;
        this.reader = new HeaderReader(limits.header());
    }

    /** The signatures of a message, or why there are none. @throws IOException when the content cannot be read */
    public SigningResult sign(Content content, SigningPlan plan) throws IOException {
        HeaderSection header = reader.read(content);
        if (!header.complete()) {
            return new SigningResult.NotSigned(SigningResult.Why.HEADER_TOO_LARGE);
        }
        int authors = header.named("From").size();
        if (authors != 1) {
            return new SigningResult.NotSigned(
                    authors == 0 ? SigningResult.Why.NO_FROM : SigningResult.Why.SEVERAL_FROM);
        }
        List<String> names = plan.fields().names(header.fields());
        if (names.size() > limits.names()) {
            return new SigningResult.NotSigned(SigningResult.Why.TOO_MANY_NAMES);
        }
        String bodyHash = Base64.getEncoder().encodeToString(hashBody(content, header.bodyAt(), plan.body()));
        Instant now = clock.instant();
        StringBuilder fields = new StringBuilder();
        for (SigningKey key : plan.keys()) {
            FoldedField field = unsigned(plan, key, now, names, bodyHash);
            byte[] input = SignatureInput.of(plan.header(), header.fields(), names, HeaderField.of(field.toString()));
            byte[] signature = key.algorithm().sign(key.key(), input);
            fields.append(field.base64(Base64.getEncoder().encodeToString(signature)))
                    .append("\r\n");
        }
        return new SigningResult.Signed(fields.toString());
    }

    /** The field up to its last tag, b=, whose value is missing. */
    private static FoldedField unsigned(
            SigningPlan plan, SigningKey key, Instant now, List<String> names, String bodyHash) {
        FoldedField field = new FoldedField(NAME)
                .word("v=1;")
                .word("a=" + key.algorithm().tag() + ";")
                .word("c=" + plan.header().tag() + "/" + plan.body().tag() + ";")
                .word("d=" + plan.domain() + ";")
                .word("s=" + key.selector() + ";")
                .word("t=" + now.getEpochSecond() + ";");
        Duration validity = plan.validity();
        if (validity != null) {
            field.word("x=" + (now.getEpochSecond() + validity.toSeconds()) + ";");
        }
        for (int i = 0; i < names.size(); i++) {
            String piece = names.get(i) + (i + 1 < names.size() ? ":" : ";");
            if (i == 0) {
                field.word("h=" + piece);
            } else {
                field.piece(piece);
            }
        }
        return field.word("bh=" + bodyHash + ";").word("b=");
    }

    private byte[] hashBody(Content content, long bodyAt, Canonicalization canonicalization) throws IOException {
        BodyHash hash = new BodyHash(canonicalization);
        byte[] buffer = new byte[Math.clamp(content.size() - bodyAt, 1, limits.buffer())];
        try (InputStream in = content.open()) {
            in.skipNBytes(bodyAt);
            int read = in.read(buffer);
            while (read >= 0) {
                hash.update(buffer, 0, read);
                read = in.read(buffer);
            }
        }
        return hash.finish();
    }
}
