package io.sekisho.gateway.spool;

import io.sekisho.gateway.queue.Settlement;
import io.sekisho.platform.journal.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads the journal at start. What was accepted and has no mark of filing is unfiled again; whether its rows were written
 * after all is looked up before anything is done with it. Outcomes of filed messages go to the database once more.
 */
final class Replay implements Journal.Visitor {
    private final Journal journal;
    private final Spool spool;
    private final Map<UUID, JournalledMessage> messages = new LinkedHashMap<>();
    private final Map<UUID, List<Settlement>> outcomes = new LinkedHashMap<>();
    private final List<Long> done = new ArrayList<>();
    private final List<Settlement> settlements = new ArrayList<>();

    Replay(Journal journal, Spool spool) {
        this.journal = journal;
        this.spool = spool;
    }

    /** Replays. @return the messages to look up, oldest first */
    List<JournalledMessage> run() throws IOException {
        journal.replay(this);
        outcomes.forEach((id, list) -> {
            if (!messages.containsKey(id)) {
                settlements.addAll(list);
            }
        });
        done.forEach(journal::release);
        messages.values().forEach(JournalledMessage::inDoubt);
        return List.copyOf(messages.values());
    }

    /** Outcomes of messages that are filed. */
    List<Settlement> settlements() {
        return settlements;
    }

    @Override
    public void record(long position, ByteBuffer payload) throws IOException {
        ByteBuffer in = payload.slice();
        switch (RecordCodec.kind(in)) {
            case RecordCodec.ACCEPTED -> {
                RecordCodec.Accepted a = RecordCodec.readAccepted(in);
                messages.put(
                        a.facts().id(),
                        spool.journalled(a.facts(), a.recipients(), position, a.contentOffset(), a.inBlob()));
            }
            case RecordCodec.OUTCOMES -> outcome(new Settlement(position, RecordCodec.readOutcomes(in)));
            case RecordCodec.FILED -> {
                for (UUID id : RecordCodec.readFiled(in)) {
                    filed(id);
                }
                done.add(position);
            }
            default -> throw new IOException("journal record of unknown kind at " + position);
        }
    }

    private void outcome(Settlement settlement) {
        UUID id = settlement.items().getFirst().message();
        outcomes.computeIfAbsent(id, i -> new ArrayList<>(1)).add(settlement);
        JournalledMessage message = messages.get(id);
        if (message != null) {
            settlement.items().forEach(item -> message.replay(item, settlement.position()));
        }
    }

    private void filed(UUID id) {
        JournalledMessage message = messages.remove(id);
        if (message != null) {
            done.add(message.position());
        }
    }
}
