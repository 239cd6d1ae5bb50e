package io.sekisho.gateway.signing;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.DkimKey;
import io.sekisho.mail.dkim.key.KeyMaker;
import io.sekisho.mail.dkim.key.KeyRecord;
import io.sekisho.mail.dkim.key.Selector;
import io.sekisho.mail.dkim.key.SigningKey;
import io.sekisho.platform.secret.SecretBox;
import io.sekisho.platform.secret.Unsealed;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Arrays;

/** Private keys in and out of their boxes. */
record KeyBoxes(DomainName domain, SecretBox box, KeyMaker maker) {
    /** What opening came to. */
    sealed interface Opened {
        /** The key. */
        record Key(SigningKey key) implements Opened {}

        /** It cannot be had. @param words why, and what to do, for the administrator */
        record Closed(String words) implements Opened {}
    }

    /** A new key that waits. */
    StoredKey make(Selector selector, DkimAlgorithm algorithm, Instant now) {
        KeyPair pair = maker.make(algorithm);
        byte[] octets = new SigningKey(selector, algorithm, pair.getPrivate()).octets();
        byte[] sealed = box.seal(octets, purpose(selector));
        Arrays.fill(octets, (byte) 0);
        DkimKey key = new DkimKey(selector, algorithm, now, null, null);
        return new StoredKey(key, KeyRecord.of(algorithm, pair.getPublic()), sealed, null);
    }

    Opened open(StoredKey key) {
        return switch (box.open(key.sealed(), purpose(key.selector()))) {
            case Unsealed.Closed closed -> new Opened.Closed(closed.words());
            case Unsealed.Secret secret -> {
                byte[] octets = secret.octets();
                try {
                    yield new Opened.Key(SigningKey.of(key.selector(), key.key().algorithm(), octets));
                } catch (IllegalArgumentException e) {
                    yield new Opened.Closed("what was sealed is no key for "
                            + key.key().algorithm().tag() + ". Put it back from the backup.");
                } finally {
                    Arrays.fill(octets, (byte) 0);
                }
            }
        };
    }

    /** The same key, sealed with the newest master key. */
    StoredKey resealed(StoredKey key) {
        if (!box.sealedWithOlderKey(key.sealed())) {
            return key;
        }
        return switch (box.open(key.sealed(), purpose(key.selector()))) {
            case Unsealed.Closed closed -> key;
            case Unsealed.Secret secret -> {
                byte[] octets = secret.octets();
                StoredKey again = key.sealedAs(box.seal(octets, purpose(key.selector())));
                Arrays.fill(octets, (byte) 0);
                yield again;
            }
        };
    }

    private String purpose(Selector selector) {
        return "dkim " + domain + " " + selector;
    }
}
