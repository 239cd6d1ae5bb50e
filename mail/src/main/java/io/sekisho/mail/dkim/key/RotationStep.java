package io.sekisho.mail.dkim.key;

/** Something to be done to the keys of a domain. */
public sealed interface RotationStep {
    /** A new key is to be made and published. @param selector a free one */
    record Create(Selector selector) implements RotationStep {}

    /** The key is to sign from now on. @param key it waited until now */
    record Activate(DkimKey key) implements RotationStep {}

    /** The key is to sign no longer; it stays published. @param key it signed until now */
    record Retire(DkimKey key) implements RotationStep {}

    /** The key and its record may go. @param key it was retired long enough ago */
    record Remove(DkimKey key) implements RotationStep {}
}
