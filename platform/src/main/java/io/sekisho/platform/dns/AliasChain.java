package io.sekisho.platform.dns;

import io.sekisho.mail.dns.DnsAnswer;
import io.sekisho.mail.dns.DnsName;
import io.sekisho.mail.dns.DnsRecord;
import io.sekisho.mail.dns.RecordType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/**
 * The way of one look-up from alias to alias, over one or more answers. Only records of the name that is being looked at are
 * taken; whatever else a server puts into its answer is left alone. For one thread.
 */
final class AliasChain<R extends DnsRecord> {
    private final RecordType<R> type;
    private final DnsLimits limits;
    private final Set<DnsName> seen = new LinkedHashSet<>();
    private DnsName at;
    private boolean secure = true;
    private long ttl = Long.MAX_VALUE;

    AliasChain(Question<R> question, DnsLimits limits) {
        this.type = question.type();
        this.limits = limits;
        this.at = question.name();
        seen.add(at);
    }

    /** The name to ask for next. */
    DnsName at() {
        return at;
    }

    /** Reads an answer to the question for {@link #at}. @return how the look-up ends; null when {@link #at} is to be asked for */
    @Nullable
    DnsAnswer<R> read(Reply.Said said) {
        secure &= said.validated();
        DnsName asked = at;
        boolean noName = said.message().getRcode() == Rcode.NXDOMAIN;
        while (true) {
            List<R> found = found(said);
            if (!found.isEmpty()) {
                return noName
                        ? new DnsAnswer.TemporaryFailure<>(
                                DnsAnswer.Cause.MALFORMED,
                                "an answer says that there is no " + at + ", and what it has")
                        : new DnsAnswer.Found<>(
                                at, found, shortened(limits.remembered().found()), secure);
            }
            DnsName target = type == RecordType.CNAME ? null : target(said);
            if (target == null) {
                break;
            }
            if (!seen.add(target)) {
                return loop("the alias " + at + " leads back to " + target);
            }
            if (seen.size() > limits.aliases() + 1) {
                return loop("more than " + limits.aliases() + " aliases, the last is " + at);
            }
            at = target;
        }
        boolean none = negative(said);
        if (!noName && !none && !at.equals(asked)) {
            return null;
        }
        if (!none) {
            // nothing says how long that may be remembered (RFC 2308 section 5)
            holds(limits.remembered().failure().toSeconds());
        }
        Duration holds = shortened(limits.remembered().none());
        return noName ? new DnsAnswer.NoSuchName<>(at, holds, secure) : new DnsAnswer.NoData<>(at, holds, secure);
    }

    private DnsAnswer<R> loop(String detail) {
        return new DnsAnswer.TemporaryFailure<>(DnsAnswer.Cause.ALIAS_LOOP, detail);
    }

    private List<R> found(Reply.Said said) {
        List<R> found = new ArrayList<>();
        for (Record record : said.message().getSection(Section.ANSWER)) {
            if (record.getType() == type.number() && ofThisName(record)) {
                DnsRecord data = Records.data(record);
                if (type.kind().isInstance(data)) {
                    found.add(type.kind().cast(data));
                    holds(record.getTTL());
                }
            }
        }
        return found;
    }

    private @Nullable DnsName target(Reply.Said said) {
        for (Record record : said.message().getSection(Section.ANSWER)) {
            if (record instanceof CNAMERecord alias && ofThisName(record)) {
                holds(alias.getTTL());
                return Records.name(alias.getTarget());
            }
        }
        return null;
    }

    /** Whether the answer says itself that there is nothing: it names the zone that would have it (RFC 2308 section 2). */
    private boolean negative(Reply.Said said) {
        for (Record record : said.message().getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa && at.within(Records.name(soa.getName()))) {
                holds(Math.min(soa.getTTL(), soa.getMinimum()));
                return true;
            }
        }
        return false;
    }

    private boolean ofThisName(Record record) {
        return record.getDClass() == DClass.IN && Records.name(record.getName()).equals(at);
    }

    private void holds(long seconds) {
        // what does not fit 31 bits counts as nothing (RFC 2181 section 8)
        ttl = Math.min(ttl, seconds < 0 || seconds > Integer.MAX_VALUE ? 0 : seconds);
    }

    private Duration shortened(Duration longest) {
        Duration said = Duration.ofSeconds(Math.min(ttl, Integer.MAX_VALUE));
        return said.compareTo(longest) < 0 ? said : longest;
    }
}
