package io.sekisho.app.world;

import io.sekisho.app.settings.ListenAddress;
import io.sekisho.app.settings.Settings;
import io.sekisho.gateway.delivery.WorldHops;
import io.sekisho.gateway.signing.DkimKeys;
import io.sekisho.gateway.tlsreport.TlsObserver;
import io.sekisho.gateway.world.DestinationTls;
import io.sekisho.gateway.world.IpVersions;
import io.sekisho.gateway.world.MailExchangers;
import io.sekisho.gateway.world.MemoryPolicyCache;
import io.sekisho.gateway.world.MtaSts;
import io.sekisho.gateway.world.OwnHosts;
import io.sekisho.gateway.world.PolicyFetcher;
import io.sekisho.gateway.world.StsLimits;
import io.sekisho.gateway.world.WebPolicyFetcher;
import io.sekisho.gateway.world.WorldLimits;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.KeyMaker;
import io.sekisho.mail.dkim.key.RotationLimits;
import io.sekisho.mail.dns.Resolver;
import io.sekisho.platform.dns.DnsLimits;
import io.sekisho.platform.dns.DnsServer;
import io.sekisho.platform.dns.NetworkResolver;
import io.sekisho.platform.dns.ResolvConf;
import io.sekisho.platform.dns.ResolvedHosts;
import io.sekisho.platform.net.DnsSockets;
import io.sekisho.platform.net.HttpsFetcher;
import io.sekisho.platform.net.HttpsLimits;
import io.sekisho.platform.net.Listening;
import io.sekisho.platform.net.SocketConnector;
import io.sekisho.platform.net.SpecialAddresses;
import io.sekisho.platform.net.Watchdog;
import io.sekisho.platform.secret.MasterKeyException;
import io.sekisho.platform.secret.MasterKeyFile;
import io.sekisho.platform.secret.SecretBox;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The world outside: names, connections and the mail servers of domains that are not our customers'. */
public final class World {
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

    private final Settings settings;
    private final InstantSource clock;
    private final Watchdog watchdog;
    private final Roots roots;
    private final SpecialAddresses guard;
    private final ResolvedHosts hosts;
    private final Resolver resolver;
    private final SocketConnector connector;
    private volatile @Nullable HttpsFetcher https;

    /**
     * The world. Nothing is asked yet.
     *
     * @param roots judge the certificates of servers that must be verified
     * @param ourselves where this program listens
     * @param secrets makes the ids of questions, which must not be guessed
     * @throws IOException when it cannot be read whom this machine asks for names
     */
    public World(
            Settings settings,
            Roots roots,
            Listening ourselves,
            Watchdog watchdog,
            InstantSource clock,
            SecureRandom secrets)
            throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.watchdog = watchdog;
        this.roots = roots;
        this.guard = new SpecialAddresses(settings.net().allowed());
        this.resolver = new NetworkResolver(
                servers(settings.net()),
                new DnsSockets(System::nanoTime),
                DnsLimits.DEFAULT,
                System::nanoTime,
                secrets);
        this.hosts = new ResolvedHosts(resolver);
        this.connector = new SocketConnector(hosts, guard, ourselves, watchdog);
    }

    private static List<DnsServer> servers(Settings.Net net) throws IOException {
        List<InetSocketAddress> named = net.dns();
        if (named.isEmpty()) {
            String text = Files.exists(RESOLV_CONF) ? Files.readString(RESOLV_CONF) : "";
            named = ResolvConf.servers(text).stream().map(DnsServer::address).toList();
        }
        return named.stream()
                .map(address -> new DnsServer(address, net.dnsTrusted()))
                .toList();
    }

    /** Opens connections to the servers of customers and of the world. */
    public SocketConnector connector() {
        return connector;
    }

    /** Asks the DNS. */
    public Resolver resolver() {
        return resolver;
    }

    /**
     * The mail servers of domains that are not our customers'.
     *
     * @param observer is told what TLS to them came to
     * @param random decides the order of equal ones; used by many threads
     * @throws IOException when the addresses of this machine cannot be read
     */
    public WorldHops hops(TlsObserver observer, RandomGenerator random) throws IOException {
        MailExchangers exchangers =
                new MailExchangers(resolver, guard, ourselves(), IpVersions.BOTH, WorldLimits.DEFAULT, random);
        MtaSts sts = new MtaSts(
                resolver, policies(), new MemoryPolicyCache(StsLimits.DEFAULT.policies()), StsLimits.DEFAULT, clock);
        return new WorldHops(
                exchangers,
                new DestinationTls(resolver, sts),
                observer,
                clock,
                settings.net().smtpPort());
    }

    /**
     * The keys that sign our own mail. They are sealed in the database by a key in the data folder.
     *
     * @param gateway connections of the gateway's login
     * @throws MasterKeyException when that key cannot be had, with what the operator can do
     */
    public DkimKeys keys(DataSource gateway, SecureRandom secrets) throws MasterKeyException {
        SecretBox box = new SecretBox(new MasterKeyFile(settings.data().resolve("secret"), secrets).open(), secrets);
        return new DkimKeys(
                gateway,
                new DomainName(settings.noticesFrom().asciiDomain()),
                box,
                new KeyMaker(secrets),
                resolver,
                clock,
                RotationLimits.DEFAULT);
    }

    private PolicyFetcher policies() {
        return domain -> new WebPolicyFetcher(https(), settings.net().httpsPort()).fetch(domain);
    }

    /** Made when the first policy is fetched, for the roots are many; two threads at once make two, of which one stays. */
    private HttpsFetcher https() {
        HttpsFetcher made = https;
        if (made == null) {
            made = HttpsFetcher.trusting(roots.all(), hosts, guard, watchdog, HttpsLimits.DEFAULT);
            https = made;
        }
        return made;
    }

    private OwnHosts ourselves() throws IOException {
        Set<InetAddress> addresses = new HashSet<>();
        for (ListenAddress listen : settings.smtp().listen()) {
            InetAddress address = listen.host().equals("*")
                    ? InetAddress.getByAddress(new byte[4])
                    : InetAddress.ofLiteral(listen.host());
            addresses.addAll(Listening.reachedBy(address));
        }
        return new OwnHosts(Set.of(new DomainName(settings.hostname())), addresses);
    }
}
