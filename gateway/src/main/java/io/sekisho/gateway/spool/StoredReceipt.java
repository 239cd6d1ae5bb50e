package io.sekisho.gateway.spool;

import io.sekisho.smtp.server.Receipt;
import java.util.UUID;

/**
 * The receipt of a message whose journal record is synced.
 *
 * @param message its id
 */
record StoredReceipt(UUID message) implements Receipt {
    @Override
    public String id() {
        return message.toString();
    }
}
