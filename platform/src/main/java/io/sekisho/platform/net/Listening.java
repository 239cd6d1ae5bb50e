package io.sekisho.platform.net;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where this program listens itself. Listeners are added as they open; any thread may ask. */
public final class Listening {
    private final Set<Place> places = ConcurrentHashMap.newKeySet();

    private record Place(InetAddress address, int port) {}

    /** From now on it listens there. @param address the wildcard address for everywhere */
    public void add(InetAddress address, int port) {
        places.add(new Place(address, port));
    }

    /** Whether it listens there. */
    public boolean at(InetAddress address, int port) {
        for (Place place : places) {
            if (place.port() == port
                    && (place.address().equals(address) || everywhere(place) && ofThisMachine(address))) {
                return true;
            }
        }
        return false;
    }

    private static boolean everywhere(Place place) {
        return place.address().isAnyLocalAddress();
    }

    private static boolean ofThisMachine(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            // an interface that cannot be asked has no connection either
            return false;
        }
    }

    /** The addresses that a listener at an address is reached by. @param address the wildcard address for everywhere */
    public static List<InetAddress> reachedBy(InetAddress address) throws SocketException {
        return address.isAnyLocalAddress()
                ? NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .toList()
                : List.of(address);
    }
}
