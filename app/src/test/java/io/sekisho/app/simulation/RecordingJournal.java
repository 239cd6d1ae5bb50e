package io.sekisho.app.simulation;

import io.sekisho.mail.message.Content;
import io.sekisho.platform.journal.Journal;
import io.sekisho.platform.journal.JournalUnavailableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** Watches which outcomes the journal has made durable, to tell an explained copy from an unexplained one. */
final class RecordingJournal implements Journal {
    private static final byte OUTCOMES = 2;

    private record Marked(UUID message, Append append) {}

    private final Journal journal;
    private final Faults faults;
    private final Consumer<UUID> forgotten;
    private final List<Marked> marks = new ArrayList<>();

    /** @param forgotten is told of messages one of whose outcomes a crash makes us forget */
    RecordingJournal(Journal journal, Faults faults, Consumer<UUID> forgotten) {
        this.journal = journal;
        this.faults = faults;
        this.forgotten = forgotten;
    }

    void powerFailed() {
        marks.stream().filter(m -> !m.append().durable()).forEach(m -> forgotten.accept(m.message()));
    }

    @Override
    public Append append(ByteBuffer... record) throws JournalUnavailableException {
        return journal.append(record);
    }

    @Override
    public Append mark(ByteBuffer record) throws JournalUnavailableException {
        boolean outcomes = record.get(record.position()) == OUTCOMES;
        if (!outcomes) {
            faults.place("before the filed mark");
        }
        int at = record.position() + 6;
        UUID message = outcomes ? new UUID(record.getLong(at), record.getLong(at + 8)) : new UUID(0, 0);
        try {
            Append append = journal.mark(record);
            if (outcomes) {
                marks.add(new Marked(message, append));
            }
            return append;
        } catch (JournalUnavailableException e) {
            if (outcomes) {
                forgotten.accept(message);
            }
            throw e;
        }
    }

    @Override
    public void release(long position) {
        journal.release(position);
    }

    @Override
    public Content content(long position, int offset, int length, boolean eightBit) {
        return journal.content(position, offset, length, eightBit);
    }

    @Override
    public void replay(Visitor visitor) throws IOException {
        journal.replay(visitor);
    }

    @Override
    public Usage usage() {
        return journal.usage();
    }

    @Override
    public void close() throws IOException {
        journal.close();
    }
}
