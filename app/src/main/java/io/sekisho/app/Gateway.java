package io.sekisho.app;

import io.sekisho.app.database.DatabaseStart;
import io.sekisho.app.database.LateDatabase;
import io.sekisho.app.settings.ListenAddress;
import io.sekisho.app.settings.Settings;
import io.sekisho.app.world.Roots;
import io.sekisho.app.world.World;
import io.sekisho.control.notices.OwnMail;
import io.sekisho.gateway.delivery.CustomerHops;
import io.sekisho.gateway.delivery.DeliveryLimits;
import io.sekisho.gateway.delivery.Dispatcher;
import io.sekisho.gateway.delivery.HopsByDestination;
import io.sekisho.gateway.delivery.ProbedRoutes;
import io.sekisho.gateway.intake.InboundReceiver;
import io.sekisho.gateway.intake.IntakeLimits;
import io.sekisho.gateway.intake.MessageRates;
import io.sekisho.gateway.intake.RateBounds;
import io.sekisho.gateway.policy.CacheLimits;
import io.sekisho.gateway.policy.EarlyMail;
import io.sekisho.gateway.policy.PublishedSettings;
import io.sekisho.gateway.policy.RoutingTable;
import io.sekisho.gateway.policy.SettingsCache;
import io.sekisho.gateway.policy.SettingsLimits;
import io.sekisho.gateway.queue.MessageIds;
import io.sekisho.gateway.queue.QueueStore;
import io.sekisho.gateway.queue.RetrySchedule;
import io.sekisho.gateway.signing.DkimKeys;
import io.sekisho.gateway.signing.MailSigner;
import io.sekisho.gateway.spool.Custody;
import io.sekisho.gateway.spool.Spool;
import io.sekisho.gateway.spool.SpoolLimits;
import io.sekisho.gateway.tlsreport.TallyLimits;
import io.sekisho.gateway.tlsreport.TlsTally;
import io.sekisho.gateway.tracking.MailLog;
import io.sekisho.mail.dkim.SigningLimits;
import io.sekisho.platform.blob.FileBlobStore;
import io.sekisho.platform.db.Database;
import io.sekisho.platform.db.DatabaseSetupException;
import io.sekisho.platform.journal.FileDisk;
import io.sekisho.platform.journal.JournalLimits;
import io.sekisho.platform.journal.SegmentJournal;
import io.sekisho.platform.net.Listening;
import io.sekisho.platform.net.SocketConnector;
import io.sekisho.platform.net.SocketListener;
import io.sekisho.platform.net.Watchdog;
import io.sekisho.platform.secret.MasterKeyException;
import io.sekisho.smtp.client.ClientLimits;
import io.sekisho.smtp.client.RecipientProbe;
import io.sekisho.smtp.client.SmtpClient;
import io.sekisho.smtp.server.ServerLimits;
import io.sekisho.smtp.server.SmtpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The whole program, put together: journal first, then SMTP, then the database, which may be late; and taken apart in the
 * opposite order of the mail's way, so that what was accepted is filed.
 */
final class Gateway implements Program.Running {
    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration ATTEMPTS = Duration.ofSeconds(20);
    private static final Duration FILING = Duration.ofSeconds(60);
    /** One thread each: while the database is away, a round that waits for it must not keep the others waiting. */
    private static final int ROUNDS = 7;

    private static final long SAVED = CacheLimits.DEFAULT.written().toMillis();

    private final Settings settings;
    private final FileDisk disk;
    private final SegmentJournal journal;
    private final Custody custody;
    private final Dispatcher dispatcher;
    private final SmtpClient client;
    private final GatewayTls tls;
    private final Watchdog watchdog = new Watchdog(System::nanoTime, Duration.ofSeconds(1));
    private final LateDatabase lateDatabase = new LateDatabase();
    private final PublishedSettings published;
    private final EarlyMail early;
    private final TlsTally tally;
    private final DkimKeys keys;
    private final Listening listening = new Listening();
    private final Spool spool;
    private final List<SmtpServer> servers = new ArrayList<>();
    private final ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService bodyWriters =
            Executors.newFixedThreadPool(16, Thread.ofVirtual().name("body-", 0).factory());
    private final ScheduledExecutorService schedule = Executors.newScheduledThreadPool(
            ROUNDS, Thread.ofPlatform().name("rounds-", 0).daemon().factory());
    private final List<ScheduledFuture<?>> rounds;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile @Nullable Database database;
    private volatile @Nullable Jobs jobs;
    private volatile @Nullable StartException failure;
    private @Nullable Thread databaseStart;

    /** Starts it. @throws StartException with what the operator can do */
    Gateway(Settings settings, RoutingTable routing, MailLog log) throws StartException, InterruptedException {
        this.settings = settings;
        Clock clock = Clock.systemUTC();
        SecureRandom secrets = new SecureRandom();
        SettingsCache cache = new SettingsCache(settings.data().resolve("settings.cache"), CacheLimits.DEFAULT);
        published = new PublishedSettings(lateDatabase, routing, cache, secrets, clock, SettingsLimits.DEFAULT);
        early = new EarlyMail(lateDatabase, log, clock);
        tally = new TlsTally(lateDatabase, clock, TallyLimits.DEFAULT);
        Roots roots = new Roots(settings.net().roots(), clock);
        tls = new GatewayTls(settings, roots, secrets, clock);
        try {
            FileBlobStore blobs = FileBlobStore.open(settings.data().resolve("blobs"));
            disk = FileDisk.open(settings.data().resolve("journal"));
            JournalLimits journalLimits = JournalLimits.DEFAULT.with(
                    settings.journal().maxBytes(), settings.journal().maxRecords());
            journal = new SegmentJournal(disk, clock, secrets, journalLimits);
            QueueStore store = new QueueStore(lateDatabase);
            RetrySchedule retries = new RetrySchedule(settings.delivery().lifetime());
            custody = new Custody(journal, blobs, store, clock, SpoolLimits.DEFAULT, retries, log, bodyWriters);
            World world = new World(settings, roots, listening, watchdog, clock, secrets);
            client = new SmtpClient(
                    settings.hostname(), world.connector(), ClientLimits.defaults(), tls.client(), System::nanoTime);
            keys = world.keys(lateDatabase, secrets);
            RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
            dispatcher = new Dispatcher(
                    settings.hostname(),
                    tls.sender(client),
                    new HopsByDestination(published, new CustomerHops(published, random), world.hops(tally, random)),
                    retries,
                    custody.outcomes(),
                    store,
                    blobs,
                    virtual,
                    () -> randomId(ThreadLocalRandom.current()),
                    log,
                    clock,
                    deliveryLimits());
            spool = custody.open(dispatcher, settings.hostname());
            journal.start();
            MessageRates rates = new MessageRates(secrets, System::nanoTime, RateBounds.DEFAULT);
            InboundReceiver receiver = receiver(world.connector(), rates, log, clock, random);
            rounds = rounds();
            for (ListenAddress address : settings.smtp().listen()) {
                servers.add(listen(address, receiver, blobs));
            }
            databaseStart = Thread.ofVirtual()
                    .name("database")
                    .start(new DatabaseStart(settings, secrets, ended, this::use, this::giveUp));
        } catch (StartException e) {
            stop();
            throw e;
        } catch (MasterKeyException e) {
            throw new StartException(ExitCode.CONFIG, sentence(e), e);
        } catch (IOException e) {
            throw new StartException(ExitCode.IO, sentence(e), e);
        }
    }

    private List<ScheduledFuture<?>> rounds() {
        return List.of(
                schedule.scheduleWithFixedDelay(this::dispatch, 200, 500, TimeUnit.MILLISECONDS),
                schedule.scheduleWithFixedDelay(this::readSettings, 200, 1000, TimeUnit.MILLISECONDS),
                schedule.scheduleWithFixedDelay(published::save, SAVED, SAVED, TimeUnit.MILLISECONDS),
                schedule.scheduleWithFixedDelay(() -> run(Jobs::learn), 5, 5, TimeUnit.SECONDS),
                schedule.scheduleWithFixedDelay(() -> run(Jobs::tell), 10, 20, TimeUnit.SECONDS),
                schedule.scheduleWithFixedDelay(this::keepKeysAndTally, 10, 30, TimeUnit.SECONDS),
                schedule.scheduleWithFixedDelay(this::lookAtCertificate, 20, 20, TimeUnit.SECONDS));
    }

    private InboundReceiver receiver(
            SocketConnector connector, MessageRates rates, MailLog log, Clock clock, RandomGenerator random) {
        RecipientProbe probe = new RecipientProbe(
                settings.hostname(), connector, ClientLimits.defaults(), tls.client(), tls.usual(), System::nanoTime);
        return new InboundReceiver(
                settings.hostname(),
                published,
                new ProbedRoutes(probe::ask),
                published::learned,
                early::note,
                rates,
                spool,
                log,
                clock,
                random,
                IntakeLimits.DEFAULT);
    }

    private static String sentence(Exception e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    private static UUID randomId(RandomGenerator random) {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private DeliveryLimits deliveryLimits() {
        return DeliveryLimits.DEFAULT.with(
                settings.delivery().perLane(), settings.delivery().total());
    }

    private ServerLimits serverLimits() {
        ServerLimits d = ServerLimits.defaults();
        Settings.Smtp smtp = settings.smtp();
        return new ServerLimits(
                new ServerLimits.Sessions(
                        smtp.sessions(),
                        smtp.sessionsPerAddress(),
                        d.sessions().errors(),
                        d.sessions().refusedRecipients(),
                        d.sessions().transactions(),
                        d.sessions().commandLine(),
                        d.sessions().discardedLine()),
                new ServerLimits.Messages(smtp.messageSize(), smtp.recipients()),
                d.waits(),
                d.memory());
    }

    private SmtpServer listen(ListenAddress address, InboundReceiver receiver, FileBlobStore blobs)
            throws StartException {
        try {
            InetAddress host = address.host().equals("*")
                    ? InetAddress.getByAddress(new byte[4])
                    : InetAddress.getByName(address.host());
            SmtpServer server = new SmtpServer(
                    SocketListener.open(host, address.port(), watchdog),
                    receiver,
                    serverLimits(),
                    settings.hostname(),
                    blobs.incomingDirectory(),
                    Thread.ofVirtual().name("smtp-", 0).factory(),
                    () -> randomId(ThreadLocalRandom.current()).toString(),
                    System::nanoTime,
                    tls.offer());
            listening.add(host, server.port());
            server.start();
            LOG.log(System.Logger.Level.INFO, "SMTP on {0}", address.host() + ":" + server.port());
            return server;
        } catch (IOException e) {
            throw new StartException(ExitCode.UNAVAILABLE, sentence(e), e);
        }
    }

    /** The first port that is listened on. */
    int port() {
        return servers.getFirst().port();
    }

    private void readSettings() {
        try {
            published.step();
            early.step();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "reading settings stumbled and goes on", e);
        }
    }

    private void run(Consumer<Jobs> job) {
        Jobs known = jobs;
        if (known != null) {
            job.accept(known);
        }
    }

    private void keepKeysAndTally() {
        try {
            keys.step();
            tally.step();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "keys and TLS counts stumbled and go on", e);
        }
    }

    private void dispatch() {
        try {
            dispatcher.step(custody.node());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the dispatcher stumbled and goes on", e);
        }
    }

    private void lookAtCertificate() {
        try {
            tls.look();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "the TLS certificate could not be looked at", e);
        }
    }

    private void use(Database opened) throws DatabaseSetupException, IOException, InterruptedException {
        try {
            opened.migrate("gateway", "classpath:db/gateway");
            opened.migrate("control", "classpath:db/control");
        } catch (DatabaseSetupException | RuntimeException e) {
            opened.close(); // the next try opens it anew, and an embedded server has one user only
            throw e;
        }
        database = opened;
        jobs = new Jobs(opened, ownMail(), settings.hostname(), Clock.systemUTC());
        lateDatabase.up(opened);
        custody.start();
    }

    private void giveUp(Exception why) {
        failure = new StartException(ExitCode.UNAVAILABLE, String.valueOf(why.getMessage()), why);
        ended.countDown();
    }

    private OwnMail ownMail() {
        MailSigner signer = new MailSigner(keys, Clock.systemUTC(), SigningLimits.DEFAULT);
        return new OwnMail(
                settings.hostname(),
                settings.noticesFrom(),
                ZoneId.systemDefault(),
                signer::signed,
                spool,
                Clock.systemUTC(),
                new MessageIds(() -> ThreadLocalRandom.current().nextLong()));
    }

    @Override
    public void awaitEnd() throws InterruptedException, StartException {
        ended.await();
        StartException why = failure;
        if (why != null) {
            throw why;
        }
    }

    @Override
    public void stop() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        LOG.log(System.Logger.Level.INFO, "stopping: no new mail, what was begun is finished, the rest is filed");
        try {
            for (SmtpServer server : servers) {
                int cut = server.drain(DRAIN);
                if (cut > 0) {
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "{0} sessions were cut off after {1} s",
                            cut,
                            DRAIN.toSeconds());
                }
            }
            dispatcher.stop();
            long end = System.nanoTime() + ATTEMPTS.toNanos();
            while (dispatcher.running() > 0 && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            rounds.forEach(round -> round.cancel(false));
            schedule.shutdown();
            published.save();
            Thread opening = databaseStart;
            if (opening != null) {
                opening.interrupt();
                opening.join();
            }
            if (lateDatabase.isUp()) {
                tally.step();
            }
            int left = custody.stop(lateDatabase.isUp() ? FILING : Duration.ZERO);
            if (left > 0) {
                LOG.log(System.Logger.Level.WARNING, "{0} messages stay in the journal for the next start", left);
            }
            client.close();
            journal.close();
            disk.close();
            Database open = database;
            if (open != null) {
                open.close();
            }
            watchdog.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.ERROR, "while stopping", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }
}
