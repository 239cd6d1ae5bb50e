package io.sekisho.gateway.signing;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.DkimSigner;
import io.sekisho.mail.dkim.SigningLimits;
import io.sekisho.mail.dkim.SigningPlan;
import io.sekisho.mail.dkim.SigningResult;
import io.sekisho.mail.dkim.key.SigningKey;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.HeaderField;
import io.sekisho.mail.message.HeaderReader;
import io.sekisho.mail.message.PrecededContent;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Signs mail that we wrote ourselves, with every key that signs now. The signing domain must be that of the From field or one
 * above it, so that the signature counts for DMARC (RFC 7489 section 3.1.1). Used by many threads; needs no database.
 */
public final class MailSigner {
    private static final System.Logger LOG = System.getLogger(MailSigner.class.getName());

    private final DkimKeys keys;
    private final DkimSigner signer;
    private final HeaderReader reader;
    private final AtomicBoolean unsignedSaid = new AtomicBoolean();

    /** A signer. @param clock the time of signing, t= */
    public MailSigner(DkimKeys keys, InstantSource clock, SigningLimits limits) {
        this.keys = keys;
        this.signer = new DkimSigner(clock, limits);
        this.reader = new HeaderReader(limits.header());
    }

    /**
     * The DKIM-Signature fields of a message.
     *
     * @return whole header fields in ASCII, each ended by CR LF, to stand before the content; empty when it goes unsigned
     * @throws IOException when the content cannot be read
     */
    public String fields(Content content) throws IOException {
        List<SigningKey> signing = keys.active();
        if (signing.isEmpty()) {
            if (unsignedSaid.compareAndSet(false, true)) {
                LOG.log(
                        System.Logger.Level.INFO,
                        "mail of {0} goes unsigned until the record of a DKIM key is published",
                        keys.domain());
            }
            return "";
        }
        unsignedSaid.set(false);
        if (!aligned(content)) {
            LOG.log(System.Logger.Level.WARNING, "a message of ours is not from {0}: not signed", keys.domain());
            return "";
        }
        return switch (signer.sign(content, SigningPlan.of(keys.domain(), signing))) {
            case SigningResult.Signed(String fields) -> fields;
            case SigningResult.NotSigned(SigningResult.Why why) -> {
                LOG.log(System.Logger.Level.WARNING, "a message of ours is not signed: {0}", why);
                yield "";
            }
        };
    }

    /** The content with its signatures in front; the content itself when it goes unsigned. @throws IOException as {@link #fields} */
    public Content signed(Content content) throws IOException {
        String fields = fields(content);
        return fields.isEmpty() ? content : new PrecededContent(fields, content);
    }

    private boolean aligned(Content content) throws IOException {
        List<HeaderField> from = reader.read(content).named("From");
        DomainName author = from.size() == 1 ? domainOf(from.getFirst().value()) : null;
        String own = keys.domain().ascii();
        return author != null && (author.ascii().equals(own) || author.ascii().endsWith("." + own));
    }

    /** The domain of one address, as we write them: bare, or in angle brackets after a name. */
    private static @Nullable DomainName domainOf(String value) {
        int open = value.lastIndexOf('<');
        int close = value.lastIndexOf('>');
        String address = open >= 0 && close > open ? value.substring(open + 1, close) : value;
        int at = address.lastIndexOf('@');
        return at < 0 ? null : DomainName.ofUnicode(address.substring(at + 1).strip());
    }
}
