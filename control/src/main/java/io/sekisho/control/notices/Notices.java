package io.sekisho.control.notices;

import io.sekisho.control.notices.NoticeStore.HeldSince;
import io.sekisho.control.tenancy.TenantReader;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.report.ReportLanguage;
import io.sekisho.platform.db.Database;
import io.sekisho.platform.journal.JournalUnavailableException;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Tells tenants by mail what they must know. A notice is taken into custody first and remembered as told then: a crash in between
 * tells twice, never not at all.
 */
public final class Notices {
    private static final System.Logger LOG = System.getLogger(Notices.class.getName());

    private final Database database;
    private final NoticeStore all;
    private final TenantReader reader;
    private final Outbox mail;
    private final NoticeWords words;
    private final InstantSource clock;
    private final NoticeLimits limits;

    /** Takes a message into custody. */
    @FunctionalInterface
    public interface Outbox {
        /** Takes one. @throws IOException when it cannot be taken now */
        void send(UUID tenant, Mailbox to, ReportLanguage language, String subject, String text)
                throws JournalUnavailableException, IOException;
    }

    /**
     * Nothing is told yet.
     *
     * @param mail takes the notices, {@link OwnMail#send}
     * @param hostName our name, for people
     * @param zone the time zone that times are told in
     */
    public Notices(
            Database database, Outbox mail, String hostName, ZoneId zone, InstantSource clock, NoticeLimits limits) {
        this.database = database;
        this.all = new NoticeStore(JdbcClient.create(database.operator()));
        this.reader = new TenantReader(database);
        this.mail = mail;
        this.words = new NoticeWords(hostName, zone);
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Tells what is to be told. Several nodes at once may tell the same twice.
     *
     * @return how many notices
     * @throws org.springframework.dao.DataAccessException when the database cannot serve now
     */
    public int step() {
        Instant now = clock.instant();
        Instant until = now.minus(limits.settled());
        List<Notice> due = new ArrayList<>(all.early(now.minus(limits.early()), limits.atOnce()));
        LocalDate day = LocalDate.ofInstant(now.minus(limits.age()), ZoneOffset.UTC);
        for (HeldSince held : all.held(day, until, now.minus(limits.held()), limits.atOnce())) {
            due.add(database.asTenant(
                    held.tenant(),
                    db -> new Notice.HeldMail(
                            held.tenant(),
                            held.total(),
                            new NoticeStore(db).some(held.tenant(), day, held.since(), until, limits.listed()))));
        }
        int told = 0;
        for (Notice notice : due) {
            if (!tell(notice)) {
                return told;
            }
            Instant at = notice instanceof Notice.HeldMail ? until : now;
            database.asTenant(notice.tenant(), db -> {
                new NoticeStore(db).told(notice, at);
                return notice;
            });
            told++;
        }
        return told;
    }

    /** @return false when mail cannot be taken now */
    private boolean tell(Notice notice) {
        for (TenantReader.Contact contact : reader.contacts(notice.tenant())) {
            ReportLanguage language = contact.language();
            try {
                mail.send(
                        notice.tenant(),
                        contact.mailbox(),
                        language,
                        words.subject(notice, language),
                        words.text(notice, language));
            } catch (JournalUnavailableException | IOException e) {
                LOG.log(System.Logger.Level.WARNING, "a notice waits: {0}", e.getMessage());
                return false;
            }
        }
        return true;
    }
}
