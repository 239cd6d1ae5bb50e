package io.sekisho.control.notices;

import io.sekisho.control.notices.Notice.Held;
import io.sekisho.gateway.tracking.Reason;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Finds what tenants must be told, and remembers what they were. */
record NoticeStore(JdbcClient db) {
    /** A notice to somebody who is told of held mail is not itself told of. */
    private static final String TOLD_OF = " and not (m.sender = '' and exists"
            + " (select 1 from contact c where c.tenant_id = m.tenant_id and c.mailbox = m.mailbox))";

    /** Of all tenants: mail for domains in set-up that was not told since a time. */
    List<Notice.EarlyMail> early(Instant toldBefore, int limit) {
        return db.sql("select e.tenant_id, e.domain, e.first_at, e.recipients from early_mail e"
                        + " join domain d on d.tenant_id = e.tenant_id and d.name = e.domain and d.state = 'claimed'"
                        + " left join notice n"
                        + " on n.tenant_id = e.tenant_id and n.kind = 'early_mail' and n.subject = e.domain"
                        + " where (n.told_at is null or n.told_at < ? and e.last_at > n.told_at)"
                        + " and exists (select 1 from contact c where c.tenant_id = e.tenant_id)"
                        + " order by e.tenant_id, e.domain limit ?")
                .params(at(toldBefore), limit)
                .query((r, n) -> new Notice.EarlyMail(
                        r.getObject(1, UUID.class),
                        r.getString(2),
                        r.getObject(3, OffsetDateTime.class).toInstant(),
                        r.getLong(4)))
                .list();
    }

    /** Held mail of one tenant. @param since told until then */
    record HeldSince(UUID tenant, long total, Instant since) {}

    /** Of all tenants: mail held until a time, if they were not told since another. @param day mail of earlier days is not looked at */
    List<HeldSince> held(LocalDate day, Instant until, Instant toldBefore, int limit) {
        return db.sql("select m.tenant_id, count(*), coalesce(max(n.told_at), timestamptz 'epoch') from mail m"
                        + " left join notice n on n.tenant_id = m.tenant_id and n.kind = 'held_mail'"
                        + " where m.state = 'held' and m.day >= ? and m.ended_at <= ?"
                        + " and (n.told_at is null or n.told_at < ? and m.ended_at > n.told_at)"
                        + " and exists (select 1 from contact c where c.tenant_id = m.tenant_id)" + TOLD_OF
                        + " group by m.tenant_id order by m.tenant_id limit ?")
                .params(day, at(until), at(toldBefore), limit)
                .query((r, n) -> new HeldSince(
                        r.getObject(1, UUID.class),
                        r.getLong(2),
                        r.getObject(3, OffsetDateTime.class).toInstant()))
                .list();
    }

    /** The newest held mail of the tenant that is seen. */
    List<Held> some(UUID tenant, LocalDate day, Instant since, Instant until, int limit) {
        return db.sql("select m.id, m.mailbox, m.reason, m.reply, m.ended_at from mail m"
                        + " where m.tenant_id = ? and m.state = 'held' and m.day >= ? and m.ended_at > ? and m.ended_at <= ?"
                        + TOLD_OF + " order by m.ended_at desc, m.id limit ?")
                .params(tenant, day, at(since), at(until), limit)
                .query((r, n) -> new Held(
                        r.getObject(1, UUID.class),
                        r.getString(2),
                        Reason.valueOf(r.getString(3)),
                        r.getString(4) == null ? "" : r.getString(4),
                        r.getObject(5, OffsetDateTime.class).toInstant()))
                .list();
    }

    /** Remembers that the tenant that is seen was told. */
    void told(Notice notice, Instant until) {
        String kind = switch (notice) {
            case Notice.EarlyMail early -> "early_mail";
            case Notice.HeldMail held -> "held_mail";
        };
        db.sql("insert into notice (tenant_id, kind, subject, told_at) values (?, ?, ?, ?)"
                        + " on conflict (tenant_id, kind, subject) do update set told_at = excluded.told_at")
                .params(notice.tenant(), kind, notice.subject(), at(until))
                .update();
    }

    private static OffsetDateTime at(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }
}
