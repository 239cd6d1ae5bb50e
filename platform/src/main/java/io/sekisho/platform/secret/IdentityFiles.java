package io.sekisho.platform.secret;

import io.sekisho.smtp.tls.TlsIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a TLS identity from two PEM files (RFC 7468): a certificate with its chain, and its key in PKCS #8, EC or RSA. */
public final class IdentityFiles {
    private static final long MAX_OCTETS = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private IdentityFiles() {}

    /** What the files hold. */
    public sealed interface Read {
        /** An identity. */
        record Good(TlsIdentity identity) implements Read {}

        /**
         * None.
         *
         * @param file which of the two is wrong
         * @param why what is wrong and how to mend it, as a clause that follows the name of the file
         */
        record Bad(Path file, String why) implements Read {}
    }

    private record Block(String label, String base64) {
        byte[] octets(Path file) throws Wrong {
            try {
                return Base64.getMimeDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new Wrong(file, "is damaged: what stands between BEGIN and END is not Base64");
            }
        }
    }

    /** Ends a reading; never leaves this class. */
    private static final class Wrong extends Exception {
        private final transient Path file;

        Wrong(Path file, String why) {
            super(why);
            this.file = file;
        }
    }

    /** Reads both files. @param key may be the same file, when it holds both */
    public static Read read(Path certificate, Path key) {
        try {
            List<X509Certificate> chain = chain(certificate);
            PrivateKey secret = key(key);
            if (!fit(chain.getFirst(), secret)) {
                throw new Wrong(key, "is not the key of the certificate in " + certificate);
            }
            return new Read.Good(new TlsIdentity(chain, secret));
        } catch (Wrong e) {
            return new Read.Bad(e.file, String.valueOf(e.getMessage()));
        }
    }

    private static List<Block> blocks(Path file) throws Wrong {
        try {
            if (!Files.exists(file)) {
                throw new Wrong(file, "does not exist");
            }
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_OCTETS) {
                throw new Wrong(file, "is not a PEM file");
            }
            Matcher found = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            List<Block> blocks = new ArrayList<>();
            while (found.find()) {
                blocks.add(new Block(found.group(1), found.group(2)));
            }
            if (blocks.isEmpty()) {
                throw new Wrong(file, "is not a PEM file: it has no line -----BEGIN …-----");
            }
            return blocks;
        } catch (IOException e) {
            throw new Wrong(file, "cannot be read by this user: " + e.getMessage());
        }
    }

    private static List<X509Certificate> chain(Path file) throws Wrong {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(file)) {
                if (block.label.equals("CERTIFICATE")) {
                    chain.add((X509Certificate)
                            factory.generateCertificate(new ByteArrayInputStream(block.octets(file))));
                }
            }
        } catch (CertificateException e) {
            throw new Wrong(file, "holds a damaged certificate: " + e.getMessage());
        }
        if (chain.isEmpty()) {
            throw new Wrong(file, "holds no certificate; are the two files exchanged?");
        }
        for (int i = 1; i < chain.size(); i++) {
            if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
                throw new Wrong(
                        file,
                        "holds certificates out of order: number " + (i + 1) + " did not issue number " + i
                                + "; our own comes first, then the one that issued it");
            }
        }
        return chain;
    }

    private static PrivateKey key(Path file) throws Wrong {
        for (Block block : blocks(file)) {
            switch (block.label) {
                case "PRIVATE KEY" -> {
                    return key(file, block.octets(file));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new Wrong(file, "is locked with a password; unlock it with: openssl pkey -in FILE -out NEW");
                case "EC PRIVATE KEY", "RSA PRIVATE KEY" ->
                    throw new Wrong(
                            file,
                            "is a key in an older form; convert it with:"
                                    + " openssl pkcs8 -topk8 -nodes -in FILE -out NEW");
                default -> {}
            }
        }
        throw new Wrong(file, "holds no private key; are the two files exchanged?");
    }

    private static PrivateKey key(Path file, byte[] octets) throws Wrong {
        PrivateKey key = key("EC", octets);
        if (key == null) {
            key = key("RSA", octets);
        }
        if (key == null) {
            throw new Wrong(file, "holds a key that is neither EC nor RSA");
        }
        return key;
    }

    private static @Nullable PrivateKey key(String algorithm, byte[] octets) {
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(octets));
        } catch (GeneralSecurityException e) {
            return null;
        }
    }

    /** Whether what the key signs can be verified with the certificate. */
    private static boolean fit(X509Certificate certificate, PrivateKey key) {
        try {
            byte[] sample = certificate.getEncoded();
            Signature signature =
                    Signature.getInstance(key.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA");
            signature.initSign(key);
            signature.update(sample);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(sample);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
