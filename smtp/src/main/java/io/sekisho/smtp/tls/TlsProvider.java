package io.sekisho.smtp.tls;

import java.security.SecureRandom;

/** Which implementation of TLS serves clients. Deliveries always use that of the platform: certificates of strangers are read by Java only. */
public sealed interface TlsProvider {
    /** The one of the Java platform. */
    record Platform() implements TlsProvider {}

    /** BoringSSL, in native code: handshakes cost a fraction. @param random makes the keys of tickets */
    record Native(SecureRandom random) implements TlsProvider {}

    /** The native one where it loads, else that of the platform; the log says which. */
    static TlsProvider quickest(SecureRandom random) {
        System.Logger log = System.getLogger(TlsProvider.class.getName());
        try {
            String missing = NativeEngines.missing();
            if (missing == null) {
                log.log(System.Logger.Level.INFO, "TLS of clients by {0}", NativeEngines.version());
                return new Native(random);
            }
            log.log(System.Logger.Level.INFO, "TLS of clients by the Java platform: {0}", missing);
        } catch (LinkageError e) {
            // no native library for this machine, or its classes were taken away
            log.log(System.Logger.Level.INFO, "TLS of clients by the Java platform: {0}", e.toString());
        }
        return new Platform();
    }
}
