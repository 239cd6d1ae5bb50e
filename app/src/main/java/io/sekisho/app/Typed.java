package io.sekisho.app;

import io.sekisho.app.settings.Names;
import io.sekisho.app.settings.Rates;
import io.sekisho.app.settings.Value;
import io.sekisho.gateway.policy.RateLimit;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.report.ReportLanguage;
import io.sekisho.smtp.client.NextHop;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What people type on the command line, full-width letters and all. Each throws a {@link StartException} with what is wrong. */
final class Typed {
    private Typed() {}

    static DomainName domain(String text) throws StartException {
        return good("the domain", Names.domain(text));
    }

    static NextHop nextHop(String text) throws StartException {
        return good("the mail server", Names.nextHop(text));
    }

    static List<Mailbox> recipients(List<String> texts, DomainName domain) throws StartException {
        List<Mailbox> mailboxes = new ArrayList<>();
        for (String text : texts) {
            mailboxes.add(good("the address", Names.recipient(text, domain)));
        }
        return mailboxes;
    }

    /** An address of any domain. */
    static Mailbox address(String text) throws StartException {
        return good("the address", Names.mailbox(text));
    }

    /** The language of what people read. */
    static ReportLanguage language(String text) throws StartException {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "ja" -> ReportLanguage.JAPANESE;
            case "en" -> ReportLanguage.ENGLISH;
            case "both" -> ReportLanguage.BOTH;
            default -> throw new StartException(ExitCode.DATA, "the language is ja, en or both, not \"" + text + "\"");
        };
    }

    /** A number of messages a minute; as it is when nothing was typed. */
    static RateLimit perMinute(@Nullable String text, RateLimit asItIs) throws StartException {
        return text == null ? asItIs : good("the limit of messages a minute", Rates.perMinute(text));
    }

    private static <T> T good(String what, Value<T> value) throws StartException {
        return switch (value) {
            case Value.Good<T>(T good) -> good;
            case Value.Bad<T>(String why) -> throw new StartException(ExitCode.DATA, what + " " + why);
        };
    }
}
