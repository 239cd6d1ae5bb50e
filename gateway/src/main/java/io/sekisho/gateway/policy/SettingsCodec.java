package io.sekisho.gateway.policy;

import io.sekisho.gateway.policy.SettingsStore.Domain;
import io.sekisho.gateway.policy.SettingsStore.TenantSettings;
import io.sekisho.mail.address.DomainName;
import io.sekisho.smtp.client.NextHop;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Settings as octets: eight that say what it is, the version, what is kept, and a CRC-32C of all that. Whatever is not exactly
 * so is an {@link IOException} with a sentence.
 */
final class SettingsCodec {
    private static final long SETTINGS = 0x53656b_73657473L;
    private static final int VERSION = 1;
    private static final int CHECKSUM = 4;
    private static final int HEADER = 12;
    private static final long NEVER = Long.MIN_VALUE;

    private SettingsCodec() {}

    static byte[] encode(KnownSettings known) {
        var octets = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(octets)) {
            out.writeLong(SETTINGS);
            out.writeInt(VERSION);
            out.writeLong(known.confirmed().toEpochMilli());
            out.writeLong(known.key().k0());
            out.writeLong(known.key().k1());
            out.writeInt(known.tenants().size());
            for (TenantSettings tenant : known.tenants().values()) {
                tenant(out, tenant);
            }
            out.writeInt(known.lists().size());
            for (Map.Entry<DomainKey, Integer> list : known.lists().entrySet()) {
                id(out, list.getKey().tenant());
                out.writeUTF(list.getKey().name());
                out.writeInt(list.getValue());
            }
            out.writeInt(checksum(ByteBuffer.wrap(octets.toByteArray())));
        } catch (IOException e) {
            throw new IllegalStateException("memory cannot fail to take octets", e);
        }
        return octets.toByteArray();
    }

    /** The CRC-32C of what remains in the buffer. */
    static int checksum(ByteBuffer octets) {
        var crc = new CRC32C();
        crc.update(octets.duplicate());
        return (int) crc.getValue();
    }

    private static void tenant(DataOutputStream out, TenantSettings tenant) throws IOException {
        PolicySnapshot policy = tenant.policy();
        id(out, policy.tenant());
        out.writeBoolean(policy.suspended());
        out.writeBoolean(policy.plusAddressing());
        rate(out, policy.rates().tenant());
        rate(out, policy.rates().address());
        rate(out, policy.rates().recipient());
        out.writeInt(tenant.domains().size());
        for (Domain domain : tenant.domains()) {
            out.writeUTF(domain.name().ascii());
            out.writeBoolean(domain.routed());
            out.writeUTF(domain.mode().word());
            Instant until = domain.learnedUntil();
            out.writeLong(until == null ? NEVER : until.toEpochMilli());
            String of = domain.aliasOf();
            out.writeUTF(of == null ? "" : of);
            out.writeInt(domain.routes().size());
            for (Route route : domain.routes()) {
                out.writeInt(route.preference());
                out.writeUTF(route.hop().host());
                out.writeInt(route.hop().port());
            }
        }
    }

    private static void id(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static void rate(DataOutputStream out, RateLimit rate) throws IOException {
        out.writeInt(
                switch (rate) {
                    case RateLimit.None n -> 0;
                    case RateLimit.PerMinute(int messages) -> messages;
                });
    }

    /** Reads it back. @throws IOException when it is not exactly what was written */
    static KnownSettings decode(byte[] octets) throws IOException {
        check(ByteBuffer.wrap(octets), SETTINGS, VERSION);
        try (var in =
                new DataInputStream(new ByteArrayInputStream(octets, HEADER, octets.length - HEADER - CHECKSUM))) {
            Instant confirmed = Instant.ofEpochMilli(in.readLong());
            var key = new SipHash(in.readLong(), in.readLong());
            // no number is believed before as much is there: memory is taken for what was read only
            Map<UUID, TenantSettings> tenants = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                TenantSettings tenant = tenant(in);
                tenants.put(tenant.policy().tenant(), tenant);
            }
            Map<DomainKey, Integer> lists = new HashMap<>();
            for (int left = in.readInt(); left > 0; left--) {
                lists.put(new DomainKey(id(in), in.readUTF()), in.readInt());
            }
            if (in.read() >= 0) {
                throw new IOException("there is more in it than belongs to it");
            }
            return new KnownSettings(confirmed, key, Map.copyOf(tenants), lists);
        } catch (IllegalArgumentException e) {
            throw new IOException("it has a value that cannot be: " + e.getMessage(), e);
        }
    }

    /** Sees to it that the octets are what they are said to be. */
    static void check(ByteBuffer octets, long what, int version) throws IOException {
        if (octets.remaining() < HEADER + CHECKSUM || octets.getLong(0) != what) {
            throw new IOException("it is no such file");
        }
        if (octets.getInt(Long.BYTES) != version) {
            throw new IOException(
                    "it is of version " + octets.getInt(Long.BYTES) + ", and this program reads " + version);
        }
        int end = octets.remaining() - CHECKSUM;
        if (checksum(octets.slice(0, end)) != octets.getInt(end)) {
            throw new IOException("its checksum is wrong");
        }
    }

    private static TenantSettings tenant(DataInputStream in) throws IOException {
        var policy = new PolicySnapshot(
                id(in), in.readBoolean(), in.readBoolean(), new RateLimits(rate(in), rate(in), rate(in)));
        List<Domain> domains = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            domains.add(domain(in));
        }
        return new TenantSettings(policy, domains);
    }

    private static Domain domain(DataInputStream in) throws IOException {
        var name = new DomainName(in.readUTF());
        boolean routed = in.readBoolean();
        var mode = RecipientMode.valueOf(in.readUTF().toUpperCase(Locale.ROOT));
        long until = in.readLong();
        String of = in.readUTF();
        List<Route> routes = new ArrayList<>(1);
        for (int left = in.readInt(); left > 0; left--) {
            routes.add(new Route(in.readInt(), new NextHop(in.readUTF(), in.readInt())));
        }
        return new Domain(name, routed, mode, instant(until), of.isEmpty() ? null : of, routes);
    }

    private static @Nullable Instant instant(long millis) {
        return millis == NEVER ? null : Instant.ofEpochMilli(millis);
    }

    private static UUID id(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static RateLimit rate(DataInputStream in) throws IOException {
        int messages = in.readInt();
        return messages == 0 ? new RateLimit.None() : new RateLimit.PerMinute(messages);
    }
}
