package io.sekisho.control.tenancy;

import io.sekisho.gateway.policy.RecipientMode;
import io.sekisho.gateway.policy.Route;
import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.report.ReportLanguage;
import io.sekisho.smtp.client.NextHop;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change of one tenant. Every page, command and import makes these and nothing else ({@link Tenants#change}). */
public sealed interface Change {
    /** Whether only who runs the service may make it. */
    default boolean operatorsOnly() {
        return false;
    }

    /** The tenant itself begins. @param name short and lasting: small letters, digits, hyphens; @param title as people say it */
    record Create(String name, String title) implements Change {
        @Override
        public boolean operatorsOnly() {
            return true;
        }
    }

    /** Another title. */
    record Rename(String title) implements Change {}

    /** Its mail is put off with 451, or no longer. */
    record Suspend(boolean suspended) implements Change {
        @Override
        public boolean operatorsOnly() {
            return true;
        }
    }

    /** Another contract. */
    record Order(Contract contract) implements Change {
        @Override
        public boolean operatorsOnly() {
            return true;
        }
    }

    /** Whether {@code user+anything} is a recipient when {@code user} is one. */
    record PlusAddressing(boolean on) implements Change {}

    /** A person who is told what the tenant must know, new or with another language. */
    record PutContact(Mailbox mailbox, ReportLanguage language) implements Change {}

    /** A person is no longer told. */
    record RemoveContact(Mailbox mailbox) implements Change {}

    /** A domain is claimed: it is in set-up, and not routed. */
    record ClaimDomain(DomainName domain) implements Change {}

    /** The claim is proven: the domain is routed from now on. @param evidence how, in words */
    record ProveDomain(DomainName domain, String evidence) implements Change {
        @Override
        public boolean operatorsOnly() {
            return true;
        }
    }

    /** The domain is given up, with its routes and recipients. */
    record RemoveDomain(DomainName domain) implements Change {}

    /** Addresses of the domain mean those of another one of the tenant. @param of null when it stands for itself again */
    record DomainAlias(DomainName domain, @Nullable DomainName of) implements Change {}

    /** What is done with recipients that are not on the domain's list. @param until when learning ends; null in other modes */
    record UnlistedRecipients(
            DomainName domain, RecipientMode mode, @Nullable Instant until) implements Change {}

    /** A mail server of the domain, new or with another preference. */
    record PutRoute(DomainName domain, Route route) implements Change {}

    /** A mail server of the domain is given up. */
    record RemoveRoute(DomainName domain, NextHop hop) implements Change {}

    /** Recipients are put on the list. Who is there already stays as it is. */
    record AddRecipients(DomainName domain, List<Mailbox> mailboxes) implements Change {
        /** Copies the list. */
        public AddRecipients {
            mailboxes = List.copyOf(mailboxes);
        }
    }

    /** One more address of a recipient. @param of a recipient of the tenant */
    record AddAlias(Mailbox alias, Mailbox of) implements Change {}

    /** Recipients are taken off the list, with their aliases. */
    record RemoveRecipients(DomainName domain, List<Mailbox> mailboxes) implements Change {
        /** Copies the list. */
        public RemoveRecipients {
            mailboxes = List.copyOf(mailboxes);
        }
    }

    /** The list of the domain is these recipients and no others. */
    record ReplaceRecipients(DomainName domain, List<Mailbox> mailboxes) implements Change {
        /** Copies the list. */
        public ReplaceRecipients {
            mailboxes = List.copyOf(mailboxes);
        }
    }
}
