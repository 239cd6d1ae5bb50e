package io.sekisho.gateway.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.SigningKey;
import io.sekisho.testkit.db.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over a year of two nodes that are started again and again, and of an operator who publishes what is shown, a day or two late. */
class YearOfKeysTest {
    private static final TestDatabase TEST =
            TestDatabase.fresh(new TestDatabase.Migration("gateway", "classpath:db/gateway"));
    private static final Duration ROUND = Duration.ofHours(35);
    private static final int ROUNDS = 400 * 24 / 35;

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(7);
    /** When each key signed last, by the text of its record. */
    private final Map<String, Instant> lastSigned = new HashMap<>();

    private final Set<String> everSigned = new HashSet<>();
    private final Map<String, Instant> told = new HashMap<>();

    @AfterAll
    static void close() throws Exception {
        TEST.close();
    }

    @Test
    void atEachMomentOneKeySignsAndWhatIsUnderWayCanBeVerified() throws SQLException {
        SigningFixture world = new SigningFixture(TEST, folder);
        List<DkimKeys> nodes = new ArrayList<>(List.of(world.node(), world.node()));
        boolean signed = false;
        for (int round = 0; round < ROUNDS; round++) {
            world.pass(ROUND);
            for (int i = 0; i < nodes.size(); i++) {
                if (random.nextInt(10) == 0) {
                    nodes.set(i, world.node());
                }
                assertTrue(nodes.get(i).step());
                signed = look(world, nodes.get(i), signed);
            }
            List<PublishedKey> shown = world.toPublish();
            kept(world, shown);
            operator(world, shown);
        }
        assertEquals(2 * 5, everSigned.size(), "keys of each algorithm: the first, and one every 90 days");
    }

    /** What must hold on a node. @return whether a key has signed by now */
    private boolean look(SigningFixture world, DkimKeys node, boolean signedBefore) {
        List<SigningKey> signing = node.active();
        assertTrue(signing.stream().map(SigningKey::algorithm).distinct().count() == signing.size(), "one of each");
        assertTrue(!signedBefore || signing.size() == DkimAlgorithm.values().length, "never a gap");
        for (SigningKey key : signing) {
            assertTrue(world.verifies(key), "what it signs can be verified: " + key);
            String text = world.zone.text(key.selector().recordName(SigningFixture.DOMAIN));
            everSigned.add(text);
            lastSigned.put(text, world.now);
        }
        return signedBefore || signing.size() == DkimAlgorithm.values().length;
    }

    /** Records of mail under way must be kept. */
    private void kept(SigningFixture world, List<PublishedKey> shown) {
        // the other node may have signed with it until its own step, one round later
        Set<String> kept = new HashSet<>();
        shown.forEach(key -> kept.add(String.join("", key.strings())));
        lastSigned.forEach((text, at) -> {
            boolean underWay =
                    at.plus(SigningFixture.LIMITS.publishedAfter()).minus(ROUND).isAfter(world.now);
            assertTrue(!underWay || kept.contains(text), "a record is kept as long as its mail is under way");
        });
    }

    /** Publishes a day or two after it was told, and takes away what is not shown any more. */
    private void operator(SigningFixture world, List<PublishedKey> shown) {
        Set<String> names = new HashSet<>();
        for (PublishedKey key : shown) {
            names.add(key.name());
            String text = String.join("", key.strings());
            Instant since = told.computeIfAbsent(text, t -> world.now.plus(Duration.ofHours(random.nextInt(24, 48))));
            if (!since.isAfter(world.now)) {
                world.zone.publish(key);
            }
        }
        world.zone.records.keySet().retainAll(names);
    }
}
