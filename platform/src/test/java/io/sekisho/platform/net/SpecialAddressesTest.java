package io.sekisho.platform.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpecialAddressesTest {
    private final SpecialAddresses guard = new SpecialAddresses(List.of());

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.1",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.51.100.7",
                "203.0.113.9",
                "224.0.0.251",
                "239.1.1.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:127.0.0.1",
                "::ffff:10.0.0.1",
                "::7f00:1",
                "64:ff9b::127.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "3fff::1",
                "fc00::1",
                "fd12::1",
                "fe80::1",
                "fec0::1",
                "ff02::1",
                "5f00::1"
            })
    void whatIsNotForEverybodyIsNotConnected(String text) {
        assertFalse(guard.allows(address(text)), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2001:200::1",
                "2400:cb00::1",
                "2a00::1",
                "64:ff9b::8.8.8.8",
                "::ffff:8.8.8.8"
            })
    void thePublicInternetIs(String text) {
        assertTrue(guard.allows(address(text)), text);
    }

    @Test
    void anOperatorMayAllowRanges() {
        SpecialAddresses open = new SpecialAddresses(List.of(
                Objects.requireNonNull(AddressRange.parse("10.20.0.0/16")),
                Objects.requireNonNull(AddressRange.parse("fd00:1::/32"))));
        assertTrue(open.allows(address("10.20.255.1")));
        assertFalse(open.allows(address("10.21.0.1")));
        assertTrue(open.allows(address("fd00:1::25")));
        assertFalse(open.allows(address("fd00:2::25")));
        assertTrue(open.allows(address("64:ff9b::10.20.0.1")));
    }

    @Test
    void rangesAreReadStrictly() {
        assertEquals("192.0.2.0/24", String.valueOf(AddressRange.parse("192.0.2.0/24")));
        assertEquals("192.0.2.1/32", String.valueOf(AddressRange.parse("192.0.2.1")));
        assertNotNull(AddressRange.parse("::/0"));
        for (String wrong : List.of(
                "", "/8", "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/", "::/129", "mx.example/8")) {
            assertNull(AddressRange.parse(wrong), wrong);
        }
    }
}
