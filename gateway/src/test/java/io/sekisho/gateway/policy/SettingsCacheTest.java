package io.sekisho.gateway.policy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sekisho.gateway.policy.Recipients.Presence;
import io.sekisho.gateway.policy.SettingsStore.Domain;
import io.sekisho.gateway.policy.SettingsStore.TenantSettings;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.smtp.client.NextHop;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Stream;
import javax.sql.DataSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings on disk, whole and damaged. */
class SettingsCacheTest {
    private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");
    private static final UUID HAKONE = new UUID(1, 2);
    private static final UUID ARAI = new UUID(3, -4);
    private static final SipHash KEY = new SipHash(5, -6);
    private static final DomainKey LISTED = new DomainKey(HAKONE, "hakone.example");
    private static final RecipientSet RECIPIENTS = set("hanako", "taro", "jiro");

    private static final Map<UUID, TenantSettings> TENANTS = Map.of(
            HAKONE,
            new TenantSettings(
                    new PolicySnapshot(HAKONE, false, true, RateLimits.DEFAULT),
                    List.of(
                            new Domain(
                                    new DomainName("hakone.example"),
                                    true,
                                    RecipientMode.LISTED,
                                    null,
                                    null,
                                    List.of(
                                            new Route(10, new NextHop("mx.hakone.example", 25)),
                                            new Route(0, new NextHop("2001:db8::1", 65535)))),
                            new Domain(
                                    new DomainName("alias.example"),
                                    true,
                                    RecipientMode.LISTED,
                                    null,
                                    "hakone.example",
                                    List.of()),
                            new Domain(
                                    new DomainName("new.example"),
                                    false,
                                    RecipientMode.LEARNED,
                                    NOW.plusSeconds(60),
                                    null,
                                    List.of()))),
            ARAI,
            new TenantSettings(new PolicySnapshot(ARAI, true, false, RateLimits.NONE), List.of()));

    private static final DataSource NO_DATABASE = (DataSource) Proxy.newProxyInstance(
            SettingsCacheTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
                throw new SQLException("no database");
            });

    @TempDir
    Path folder;

    private static RecipientSet set(String... localParts) {
        var collector = new RecipientSet.Collector(KEY);
        for (String localPart : localParts) {
            collector.add(localPart + "@hakone.example");
        }
        return collector.done();
    }

    private SettingsCache cache() {
        return new SettingsCache(folder.resolve("kept"), CacheLimits.DEFAULT);
    }

    private void write() throws IOException {
        cache().write(NOW, KEY, TENANTS, Map.of(LISTED, RECIPIENTS));
    }

    private Path main() {
        return folder.resolve("kept/settings");
    }

    private List<Path> lists() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("kept"))) {
            return files.filter(file -> file.toString().endsWith(".list")).toList();
        }
    }

    private PublishedSettings started(Instant now) {
        return new PublishedSettings(
                NO_DATABASE,
                new RoutingTable(List.of()),
                cache(),
                new SplittableRandom(1),
                () -> now,
                SettingsLimits.DEFAULT);
    }

    private static Mailbox mailbox(String localPart) {
        return new Mailbox(localPart, "hakone.example");
    }

    @Test
    void whatWasWrittenIsReadBack() throws IOException {
        write();
        KnownSettings known = cache().read(NOW);
        assertNotNull(known);
        assertEquals(NOW, known.confirmed());
        assertEquals(KEY, known.key());
        assertEquals(TENANTS, known.tenants());
        assertEquals(Map.of(LISTED, ListFile.checksum(LISTED, RECIPIENTS)), known.lists());
        RecipientSet read = ListFile.read(folder.resolve("kept"), LISTED, ListFile.checksum(LISTED, RECIPIENTS));
        assertEquals(KEY, read.key());
        assertArrayEquals(RECIPIENTS.hashes(), read.hashes());
    }

    @Test
    void nobodyElseMayReadIt() throws IOException {
        write();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("kept"))));
        for (Path file : List.of(main(), lists().getFirst())) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    /** A list of many pieces, the last one not full. */
    @Test
    void aLongListIsReadBack() throws IOException {
        long[] hashes = new SplittableRandom(1).longs(1_000_003).sorted().toArray();
        RecipientSet many = RecipientSet.of(KEY, hashes);
        cache().write(NOW, KEY, TENANTS, Map.of(LISTED, many));
        RecipientSet read = ListFile.read(folder.resolve("kept"), LISTED, ListFile.checksum(LISTED, many));
        assertArrayEquals(hashes, read.hashes());
        assertEquals(ListFile.size(LISTED, many), Files.size(lists().getFirst()));
    }

    @Test
    void withOneOctetDamagedNothingIsUsedAndNothingIsThrown() throws IOException {
        write();
        byte[] whole = Files.readAllBytes(main());
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            Files.write(main(), damaged);
            PublishedSettings settings = started(NOW);
            assertEquals(0, settings.get().size(), "octet " + at);
            assertTrue(!settings.get().complete() && !settings.get().inSetUp("new.example"));
            int wrong = at;
            assertThrows(IOException.class, () -> SettingsCodec.decode(Arrays.copyOf(whole, wrong)));
        }
        Files.write(main(), whole);
        assertEquals(2, started(NOW).get().size());
    }

    @Test
    void aDamagedListIsNobodysList() throws IOException {
        write();
        Path list = lists().getFirst();
        byte[] whole = Files.readAllBytes(list);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            Files.write(list, damaged);
            DomainRoute domain = started(NOW).get().find("hakone.example");
            assertNotNull(domain);
            assertEquals(Presence.NOT_KNOWN_NOW, domain.find(mailbox("hanako")), "octet " + at);
            Files.write(list, Arrays.copyOf(whole, at));
            assertEquals(Presence.NOT_KNOWN_NOW, find(started(NOW), "hanako"), "cut at " + at);
        }
        Files.delete(list);
        assertEquals(Presence.NOT_KNOWN_NOW, find(started(NOW), "hanako"));
    }

    private static Presence find(PublishedSettings settings, String localPart) {
        DomainRoute domain = settings.get().find("hakone.example");
        assertNotNull(domain);
        return domain.find(mailbox(localPart));
    }

    /** The checksum is right, and what it is the checksum of is nonsense. */
    @Property(tries = 2000)
    void nonsenseIsASentence(@ForAll @Size(max = 300) byte[] nonsense, @ForAll boolean begun) throws IOException {
        byte[] start = SettingsCodec.encode(new KnownSettings(NOW, KEY, TENANTS, Map.of()));
        int head = begun ? start.length - 60 : 12;
        ByteBuffer octets = ByteBuffer.allocate(head + nonsense.length + 4)
                .put(start, 0, head)
                .put(nonsense);
        octets.putInt(SettingsCodec.checksum(octets.duplicate().flip()));
        try {
            assertNotNull(SettingsCodec.decode(octets.array()));
        } catch (IOException e) {
            assertNotNull(e);
        }
    }

    @Test
    void anotherVersionIsNotUsed() throws IOException {
        write();
        ByteBuffer octets = ByteBuffer.wrap(Files.readAllBytes(main()));
        octets.putInt(8, 2);
        int end = octets.limit() - 4;
        octets.putInt(end, SettingsCodec.checksum(octets.slice(0, end)));
        IOException said = assertThrows(IOException.class, () -> SettingsCodec.decode(octets.array()));
        assertEquals("it is of version 2, and this program reads 1", said.getMessage());
        Files.write(main(), octets.array());
        assertNull(cache().read(NOW));
    }

    @Test
    void thatOfAnotherDomainIsNotTaken() throws IOException {
        write();
        DomainKey other = new DomainKey(ARAI, "hakone.example");
        int checksum = ListFile.checksum(LISTED, RECIPIENTS);
        Files.copy(lists().getFirst(), ListFile.in(folder.resolve("kept"), other, checksum));
        assertThrows(IOException.class, () -> ListFile.read(folder.resolve("kept"), other, checksum));
    }

    @Test
    void whatIsTooOldIsNotUsed() throws IOException {
        write();
        assertNotNull(cache().read(NOW.plus(Duration.ofDays(30))));
        assertNull(cache().read(NOW.plus(Duration.ofDays(30)).plusMillis(1)));
    }

    @Test
    void aFolderThatIsNotThereOrNoFolderIsNoTrouble() throws IOException {
        assertNull(cache().read(NOW));
        Files.writeString(folder.resolve("kept"), "a file, not a folder");
        assertNull(cache().read(NOW));
        assertThrows(IOException.class, this::write);
        Files.delete(folder.resolve("kept"));
        Files.createDirectories(main());
        assertNull(cache().read(NOW));
    }

    @Test
    void whoIsNotListedIsRefusedForAWhileAndThenPutOff() throws IOException {
        write();
        for (Duration age : List.of(Duration.ZERO, Duration.ofMinutes(10))) {
            assertEquals(Presence.NOT_THERE, find(started(NOW.plus(age)), "nobody"), "after " + age);
        }
        for (Duration age : List.of(Duration.ofMinutes(11), Duration.ofDays(29), Duration.ofSeconds(-1))) {
            PublishedSettings settings = started(NOW.plus(age));
            assertEquals(Presence.NOT_KNOWN_NOW, find(settings, "nobody"), "after " + age);
            assertEquals(Presence.THERE, find(settings, "HANAKO"), "after " + age);
            assertEquals(Presence.THERE, find(settings, "hanako+shop"), "after " + age);
            assertEquals(Presence.NOT_KNOWN_NOW, find(settings, "nobody+shop"), "after " + age);
        }
    }

    @Test
    void whatIsUnchangedIsNotWrittenAgain() throws IOException {
        var cache = cache();
        Map<DomainKey, RecipientSet> lists = new HashMap<>(Map.of(LISTED, RECIPIENTS));
        cache.write(NOW, KEY, TENANTS, lists);
        Object first = inode(main());
        Object list = inode(lists().getFirst());
        cache.write(NOW.plusSeconds(59), KEY, TENANTS, lists);
        assertEquals(first, inode(main()));
        cache.write(NOW.plusSeconds(60), KEY, TENANTS, lists);
        assertNotEquals(first, inode(main()), "so that it is known how old it is");
        KnownSettings known = cache().read(NOW);
        assertEquals(NOW.plusSeconds(60), known == null ? null : known.confirmed());
        assertEquals(list, inode(lists().getFirst()));
        // another run has read the same recipients anew
        cache().write(NOW, KEY, TENANTS, Map.of(LISTED, set("taro", "jiro", "hanako")));
        assertEquals(list, inode(lists().getFirst()));
    }

    private static Object inode(Path file) throws IOException {
        return Files.getAttribute(file, "unix:ino");
    }

    @Test
    void aChangedListIsAnotherFileAndTheOldOneGoes() throws IOException {
        var cache = cache();
        cache.write(NOW, KEY, TENANTS, Map.of(LISTED, RECIPIENTS));
        Path before = lists().getFirst();
        Path halfWritten = folder.resolve("kept/x.list.next");
        Files.writeString(halfWritten, "x");
        cache.write(NOW, KEY, TENANTS, Map.of(LISTED, set("hanako")));
        assertEquals(1, lists().size());
        assertTrue(!Files.exists(before) && !Files.exists(halfWritten));
        assertEquals(Presence.NOT_THERE, find(started(NOW), "taro"));
        cache.write(NOW, KEY, TENANTS, Map.of());
        assertEquals(List.of(), lists());
        assertEquals(Presence.NOT_KNOWN_NOW, find(started(NOW), "taro"));
    }

    @Test
    void aDamagedFileIsWrittenAgain() throws IOException {
        write();
        Path list = lists().getFirst();
        Files.writeString(list, "damaged");
        write();
        assertEquals(Presence.THERE, find(started(NOW), "hanako"));
    }

    @Test
    void listsAreWrittenAFewAtATime() throws IOException {
        var few = new SettingsCache(
                folder.resolve("kept"),
                new CacheLimits(
                        Duration.ofSeconds(1),
                        Duration.ofMinutes(1),
                        2,
                        Duration.ofMinutes(1),
                        Duration.ofDays(1),
                        ListFile.HEADER + 100));
        Map<DomainKey, RecipientSet> lists = new HashMap<>();
        for (int i = 0; i < 5; i++) {
            lists.put(new DomainKey(HAKONE, "d" + i + ".example"), RECIPIENTS);
        }
        // this one is beyond the bound of a file
        lists.put(LISTED, RecipientSet.of(KEY, new long[100]));
        for (int written : List.of(2, 4, 5, 5)) {
            few.write(NOW, KEY, TENANTS, lists);
            assertEquals(written, lists().size());
        }
    }
}
