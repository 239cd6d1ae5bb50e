package io.sekisho.testkit.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Zones with their records, read from text; see {@link FakeDns} for its form. Does not change. */
final class FakeZones {
    private static final long TTL = 300;
    /** So many aliases are followed; a circle is left open after them, as a resolver would find it. */
    private static final int ALIASES = 16;

    /**
     * What there is for a question.
     *
     * @param records aliases first
     * @param authority the start of the zone that has nothing more; null when something was found
     * @param noSuchName whether the last name does not exist
     * @param secure whether all of it stands in signed zones
     * @param served whether the name asked for is in one of the zones
     */
    record Found(
            List<Record> records, @Nullable SOARecord authority, boolean noSuchName, boolean secure, boolean served) {}

    private final Map<Name, SOARecord> zones = new HashMap<>();
    private final Set<Name> signed = new HashSet<>();
    private final Map<Name, List<Record>> records = new HashMap<>();
    /** All names that exist, those that only have names below them included. */
    private final Set<Name> names = new HashSet<>();

    FakeZones(String text) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String content = line.strip();
            if (!content.isEmpty() && !content.startsWith(";")) {
                try {
                    read(content);
                } catch (IOException | IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + number + " of the zones, " + content + ": " + e, e);
                }
            }
        }
    }

    private void read(String line) throws IOException {
        String[] words = line.split("\\s+", 3);
        if (words.length < 2) {
            throw new IllegalArgumentException("too short");
        }
        if (words[0].equals("zone")) {
            zone(absolute(words[1]), words.length > 2 && words[2].equals("signed"));
            return;
        }
        Name owner = absolute(words[0]);
        long ttl = TTL;
        if (words[1].matches("[0-9]+")) {
            ttl = Long.parseLong(words[1]);
            words = (words[0] + " " + words[2]).split("\\s+", 3);
        }
        int type = Type.value(words[1]);
        if (type < 0) {
            throw new IllegalArgumentException("no type: " + words[1]);
        }
        add(Record.fromString(owner, type, DClass.IN, ttl, words.length > 2 ? words[2] : "", Name.root));
    }

    private void zone(Name apex, boolean secure) throws TextParseException {
        Name host = absolute("ns." + (apex.equals(Name.root) ? "" : apex));
        SOARecord soa = new SOARecord(apex, DClass.IN, TTL, host, host, 1, 3600, 600, 86_400, 60);
        zones.put(apex, soa);
        if (secure) {
            signed.add(apex);
        }
        add(soa);
    }

    private void add(Record record) {
        records.computeIfAbsent(record.getName(), n -> new ArrayList<>()).add(record);
        for (Name name = record.getName(); name.labels() > 1; name = new Name(name, 1)) {
            names.add(name);
        }
        names.add(Name.root);
    }

    static Name absolute(String text) throws TextParseException {
        return Name.fromString(text, Name.root);
    }

    /** Looks up. @param follow whether aliases are followed */
    Found find(Name asked, int type, boolean follow) {
        List<Record> found = new ArrayList<>();
        Set<Name> seen = new HashSet<>();
        boolean secure = true;
        Name name = asked;
        boolean served = apex(asked) != null;
        for (int i = 0; i <= ALIASES && seen.add(name); i++) {
            Name apex = apex(name);
            if (apex == null) {
                // nobody has it: a resolver knows from the root that there is no such name
                return new Found(found, null, follow, false, served);
            }
            secure &= signed.contains(apex);
            List<Record> here = at(name, apex);
            List<Record> wanted = here.stream().filter(r -> r.getType() == type).toList();
            CNAMERecord alias = here.stream()
                    .filter(CNAMERecord.class::isInstance)
                    .map(CNAMERecord.class::cast)
                    .findFirst()
                    .orElse(null);
            if (!wanted.isEmpty()) {
                found.addAll(wanted);
                return new Found(found, null, false, secure, served);
            }
            if (alias == null) {
                boolean exists = names.contains(name) || !here.isEmpty();
                return new Found(found, zones.get(apex), !exists, secure, served);
            }
            found.add(alias);
            name = alias.getTarget();
        }
        return new Found(found, null, false, secure, served);
    }

    /** The records of a name, or those of the wildcard above it (RFC 4592). */
    private List<Record> at(Name name, Name apex) {
        if (names.contains(name)) {
            return records.getOrDefault(name, List.of());
        }
        for (Name above = name; above.subdomain(apex) && !above.equals(apex); ) {
            above = new Name(above, 1);
            List<Record> wild = records.get(wild(above));
            if (wild != null) {
                return wild.stream().map(record -> record.withName(name)).toList();
            }
            if (names.contains(above)) {
                return List.of();
            }
        }
        return List.of();
    }

    private static Name wild(Name above) {
        try {
            return Name.concatenate(new Name("*"), above);
        } catch (IOException e) {
            throw new IllegalStateException("no room for a wildcard above " + above, e);
        }
    }

    private @Nullable Name apex(Name name) {
        for (Name at = name; ; at = new Name(at, 1)) {
            if (zones.containsKey(at)) {
                return at;
            }
            if (at.equals(Name.root)) {
                return null;
            }
        }
    }
}
