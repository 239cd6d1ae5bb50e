package io.sekisho.platform.journal;

import io.sekisho.mail.message.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A part of a record, read whole when it is opened: an open stream does not depend on the journal. */
record RecordContent(SegmentJournal journal, long position, int offset, int length, boolean eightBit)
        implements Content {
    @Override
    public long size() {
        return length;
    }

    @Override
    public InputStream open() throws IOException {
        return new ByteArrayInputStream(journal.read(position, offset, length));
    }
}
