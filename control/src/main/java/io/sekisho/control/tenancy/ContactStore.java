package io.sekisho.control.tenancy;

import io.sekisho.control.tenancy.ChangeResult.Refusal;
import io.sekisho.control.tenancy.TenantReader.Contact;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.report.ReportLanguage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The people of a tenant who are told what it must know. */
record ContactStore(JdbcClient db, UUID tenant) {
    private static final int MOST = 20;

    Effect put(Change.PutContact change) {
        String mailbox = change.mailbox().toString();
        String language = change.language().name().toLowerCase(Locale.ROOT);
        String before = db.sql("select language from contact where tenant_id = ? and mailbox = ?")
                .params(tenant, mailbox)
                .query(String.class)
                .optional()
                .orElse(null);
        if (before == null && all().size() >= MOST) {
            throw new RefusedException(Refusal.INVALID, "a tenant has up to " + MOST + " contacts: remove one first");
        }
        db.sql("insert into contact (tenant_id, mailbox, local_part, domain, language) values (?, ?, ?, ?, ?)"
                        + " on conflict (tenant_id, mailbox) do update set language = excluded.language")
                .params(
                        tenant,
                        mailbox,
                        change.mailbox().localPart(),
                        change.mailbox().domain(),
                        language)
                .update();
        return Effect.of("contact " + mailbox, before, language);
    }

    Effect remove(Change.RemoveContact change) {
        String mailbox = change.mailbox().toString();
        int removed = db.sql("delete from contact where tenant_id = ? and mailbox = ?")
                .params(tenant, mailbox)
                .update();
        if (removed == 0) {
            throw new RefusedException(Refusal.NOT_FOUND, "there is no contact " + mailbox);
        }
        return Effect.of("contact " + mailbox, "there", null);
    }

    List<Contact> all() {
        return db.sql("select local_part, domain, language from contact where tenant_id = ? order by mailbox")
                .param(tenant)
                .query((r, n) -> contact(r))
                .list();
    }

    private static Contact contact(ResultSet r) throws SQLException {
        return new Contact(
                new Mailbox(r.getString(1), r.getString(2)),
                ReportLanguage.valueOf(r.getString(3).toUpperCase(Locale.ROOT)));
    }
}
