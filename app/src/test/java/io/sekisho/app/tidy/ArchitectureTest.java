package io.sekisho.app.tidy;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.sekisho.offender.Offender;
import io.sekisho.smtp.server.Receipt;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URL;
import java.net.URLConnection;
import java.net.http.HttpClient;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.sql.Connection;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import javax.net.SocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The direction of dependencies, and what only one place may do. Read from the compiled classes of all modules. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
    /** The one line of modules (ARCHITECTURE.md): each may use those before it. */
    private static final List<String> LINE = List.of("mail", "smtp", "platform", "gateway", "control", "app");

    /** Fewer means that the import missed something, and that every rule here would pass unread. */
    private static final int AT_LEAST = 70;

    private JavaClasses all;
    private JavaClasses product;

    @BeforeAll
    void read() {
        all = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.sekisho");
        product = all.that(not(resideInAPackage("io.sekisho.testkit..")));
    }

    @Test
    void everyModuleIsRead() {
        for (String module : LINE) {
            assertTrue(
                    product.stream().anyMatch(type -> type.getPackageName().startsWith("io.sekisho." + module)),
                    "no class of " + module + " is on the class path");
        }
        assertTrue(product.size() >= AT_LEAST, "only " + product.size() + " classes are on the class path");
    }

    @Test
    void aModuleUsesOnlyThoseToItsLeft() {
        for (int i = 0; i < LINE.size() - 1; i++) {
            String[] right = LINE.subList(i + 1, LINE.size()).stream()
                    .map(ArchitectureTest::within)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(within(LINE.get(i)))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(right))
                    .check(product);
        }
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("io.sekisho.testkit.."))
                .check(product);
    }

    @Test
    void packagesOfAModuleHaveNoCircles() {
        for (String module : LINE) {
            slices().matching("io.sekisho." + module + ".(**)")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(product);
        }
    }

    @Test
    void springStaysOutOfTheGatewayAndWhatItStandsOn() {
        noClasses()
                .that()
                .resideOutsideOfPackages(within("platform"), within("control"), within("console"), within("app"))
                .should()
                .dependOnClassesThat(resideInAPackage("org.springframework.."))
                .check(product);
    }

    private static final ArchRule SOCKETS = noClasses()
            .that()
            .resideOutsideOfPackage("io.sekisho.platform.net..")
            .should()
            .dependOnClassesThat(anyOf(
                    "sockets and HTTP clients",
                    Socket.class,
                    ServerSocket.class,
                    DatagramSocket.class,
                    SocketChannel.class,
                    ServerSocketChannel.class,
                    DatagramChannel.class,
                    AsynchronousSocketChannel.class,
                    AsynchronousServerSocketChannel.class,
                    HttpClient.class,
                    URLConnection.class,
                    SocketFactory.class));

    private static final ArchRule LOOK_UPS = noClasses()
            .that()
            .resideOutsideOfPackages("io.sekisho.platform.net..", within("app"))
            .should()
            .accessTargetWhere(uses(
                            "look up a name",
                            InetAddress.class,
                            "getByName",
                            "getAllByName",
                            "getHostName",
                            "getCanonicalHostName",
                            "getLocalHost")
                    .or(uses("open an address", URL.class, "openStream", "openConnection")));

    @Test
    void onlyPlatformNetOpensSocketsAndResolvesNames() {
        SOCKETS.check(product);
        LOOK_UPS.check(product);
    }

    private static final ArchRule TIME_AND_CHANCE = noClasses()
            .that()
            .resideOutsideOfPackage(within("app"))
            .should()
            .accessTargetWhere(uses("read the clock", System.class, "currentTimeMillis")
                    .or(uses("read the clock", Clock.class, "systemUTC", "systemDefaultZone", "system"))
                    .or(uses("read the clock", InstantSource.class, "system"))
                    .or(uses("read the clock", Date.class, "<init>"))
                    .or(uses("make an id", UUID.class, "randomUUID"))
                    .or(uses("take a chance", Math.class, "random"))
                    .or(uses("take a chance", ThreadLocalRandom.class, "current"))
                    .or(uses("take a chance", RandomGenerator.class, "getDefault", "of"))
                    .or(uses("take a chance", SecureRandom.class, "<init>", "getInstance", "getInstanceStrong"))
                    .or(uses("take a chance", Random.class, "<init>"))
                    .or(uses("take a chance", SplittableRandom.class, "<init>"))
                    .or(uses("take a chance", Collections.class, "shuffle"))
                    .or(describe("ask a time class for now", ArchitectureTest::asksForNow)));

    @Test
    void timeAndChanceComeFromApp() {
        TIME_AND_CHANCE.check(product);
    }

    private static boolean asksForNow(JavaAccess<?> access) {
        return access instanceof JavaCodeUnitAccess<?> use
                && use.getTargetOwner().getPackageName().equals("java.time")
                && use.getName().equals("now")
                && use.getTarget().getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Clock.class));
    }

    /** A 250 after data can only be built from a receipt, and only the spool makes one, after the sync. */
    @Test
    void onlyTheSpoolMakesReceipts() {
        classes()
                .that(assignableTo(Receipt.class).and(not(HasName.Predicates.name(Receipt.class.getName()))))
                .should()
                .resideInAPackage("io.sekisho.gateway.spool")
                .allowEmptyShould(true)
                .check(product);
    }

    /** Package-private classes that a store hands its connection to. */
    private static final Set<String> STORES_HANDS =
            Set.of("io.sekisho.gateway.queue.Columns", "io.sekisho.gateway.queue.Transactions");

    /** What opens transactions for stores and hands them the client. */
    private static final ArchRule DATABASE = noClasses()
            .that()
            .resideOutsideOfPackages("io.sekisho.platform.db..", within("control"), within("app"))
            .and(not(describe(
                    "are stores",
                    type -> type.getSimpleName().endsWith("Store") || STORES_HANDS.contains(type.getName()))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.springframework.jdbc..", "org.postgresql.."))
            .orShould()
            .accessTargetWhere(uses(
                    "prepare a statement", Connection.class, "prepareStatement", "createStatement", "prepareCall"));

    @Test
    void onlyStoresAndTheDatabaseSpeakToTheDatabase() {
        DATABASE.check(product);
    }

    @Test
    void nothingStaticChanges() {
        fields().that().areStatic().should().beFinal().check(product);
    }

    private static final ArchRule NAMES = noClasses()
            .should()
            .haveNameMatching(".*\\.(\\w*\\$)*\\w*(Manager|Helper|Impl|Util|Utils)")
            .orShould()
            .resideInAnyPackage(
                    "..core..", "..common..", "..util..", "..utils..", "..impl..", "..base..", "..helper..");

    @Test
    void namesSayWhatAThingIs() {
        NAMES.check(all);
    }

    /** A rule that finds nothing would pass as well: each must find what the offender does. */
    @Test
    void everyRuleFindsItsOffender() {
        for (Class<?> offender : Offender.TIME_AND_CHANCE) {
            assertFinds(TIME_AND_CHANCE, offender);
        }
        assertFinds(SOCKETS, Offender.Connects.class);
        assertFinds(LOOK_UPS, Offender.LooksUp.class);
        assertFinds(DATABASE, Offender.Asks.class);
        assertFinds(NAMES, Offender.QueueManager.class);
    }

    private static void assertFinds(ArchRule rule, Class<?> offender) {
        JavaClasses alone = new ClassFileImporter().importClasses(offender);
        assertTrue(rule.evaluate(alone).hasViolation(), () -> offender.getSimpleName() + " passes: " + rule);
    }

    private static String within(String module) {
        return "io.sekisho." + module + "..";
    }

    private static DescribedPredicate<JavaClass> anyOf(String description, Class<?>... types) {
        return describe(description, type -> List.of(types).stream().anyMatch(type::isAssignableTo));
    }

    /** Calls and method references; {@code <init>} is a constructor. */
    private static DescribedPredicate<JavaAccess<?>> uses(String description, Class<?> owner, String... names) {
        return describe(
                description,
                access -> access.getTargetOwner().isEquivalentTo(owner)
                        && List.of(names).contains(access.getName()));
    }
}
