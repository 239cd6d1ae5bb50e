package io.sekisho.app;

import io.sekisho.app.settings.Settings;
import io.sekisho.app.world.Roots;
import io.sekisho.mail.address.DomainName;
import io.sekisho.platform.secret.IdentityFiles;
import io.sekisho.platform.secret.SelfMadeIdentity;
import io.sekisho.platform.secret.WatchedIdentity;
import io.sekisho.smtp.client.MailSender;
import io.sekisho.smtp.client.SmtpClient;
import io.sekisho.smtp.server.TlsOffer;
import io.sekisho.smtp.tls.ClientTls;
import io.sekisho.smtp.tls.ServerTls;
import io.sekisho.smtp.tls.TlsIdentity;
import io.sekisho.smtp.tls.TlsLimits;
import io.sekisho.smtp.tls.TlsPolicy;
import io.sekisho.smtp.tls.TlsProvider;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** TLS as the settings want it, at both sides of SMTP. */
final class GatewayTls {
    private static final System.Logger LOG = System.getLogger(GatewayTls.class.getName());

    private final boolean on;
    private final ClientTls client;
    private final AtomicReference<@Nullable ServerTls> server = new AtomicReference<>();
    private final @Nullable WatchedIdentity watched;
    private final TlsProvider provider;

    /** Reads the certificate, or makes it. @throws StartException with what the operator can do */
    GatewayTls(Settings settings, Roots roots, SecureRandom random, Clock clock) throws StartException {
        this.on = !(settings.tls() instanceof Settings.Tls.Off);
        this.watched = settings.tls() instanceof Settings.Tls.Files(Path certificate, Path key)
                ? new WatchedIdentity(certificate, key)
                : null;
        this.provider = on ? TlsProvider.quickest(random) : new TlsProvider.Platform();
        try {
            this.client = new ClientTls(roots, TlsLimits.defaults(), System::nanoTime);
            switch (settings.tls()) {
                case Settings.Tls.Off off -> {}
                case Settings.Tls.SelfMade made ->
                    use(SelfMadeIdentity.in(
                            settings.data().resolve("tls"), new DomainName(settings.hostname()), random, clock));
                case Settings.Tls.Files files -> use(read(files));
            }
        } catch (IOException e) {
            throw new StartException(ExitCode.IO, "TLS cannot be used: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new StartException(ExitCode.CONFIG, "TLS cannot be used: " + e.getMessage(), e);
        }
    }

    private static TlsIdentity read(Settings.Tls.Files files) throws IOException {
        return switch (IdentityFiles.read(files.certificate(), files.key())) {
            case IdentityFiles.Read.Good(TlsIdentity identity) -> identity;
            case IdentityFiles.Read.Bad(Path file, String why) -> throw new IOException(file + " " + why);
        };
    }

    private void use(TlsIdentity identity) throws GeneralSecurityException {
        server.set(new ServerTls(List.of(identity), TlsLimits.defaults(), System::nanoTime, provider));
        LOG.log(
                System.Logger.Level.INFO,
                "TLS as {0}, until {1}",
                identity,
                identity.certificate().getNotAfter().toInstant());
    }

    /** Takes a renewed certificate; called again and again. */
    void look() {
        if (watched == null) {
            return;
        }
        try {
            switch (watched.look()) {
                case WatchedIdentity.Look.Same same -> {}
                case WatchedIdentity.Look.Renewed(TlsIdentity renewed) -> use(renewed);
                case WatchedIdentity.Look.Bad(String words) ->
                    LOG.log(System.Logger.Level.WARNING, "{0}. The TLS certificate in use stays.", words);
            }
        } catch (GeneralSecurityException e) {
            LOG.log(System.Logger.Level.WARNING, "the renewed TLS certificate cannot be used, the one before stays", e);
        }
    }

    /** What the SMTP server offers. */
    TlsOffer offer() {
        return on ? new TlsOffer.StartTls(this::current) : new TlsOffer.None();
    }

    private ServerTls current() {
        ServerTls now = server.get();
        if (now == null) {
            throw new IllegalStateException("TLS is off");
        }
        return now;
    }

    /** Our side of TLS as a client. */
    ClientTls client() {
        return client;
    }

    /** How much TLS there is where nobody asks for more. */
    TlsPolicy usual() {
        return on ? new TlsPolicy.Opportunistic() : new TlsPolicy.None();
    }

    /** With TLS off, mail that may go without it goes without it; what needs it still has it. */
    MailSender sender(SmtpClient smtp) {
        return on
                ? smtp
                : (hop, policy, envelope, content) ->
                        smtp.send(hop, policy.plainAllowed() ? new TlsPolicy.None() : policy, envelope, content);
    }
}
