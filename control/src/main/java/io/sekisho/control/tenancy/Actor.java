package io.sekisho.control.tenancy;

import java.util.UUID;

/** Who makes a change. */
public sealed interface Actor {
    /** What the audit says. */
    String audited();

    /** Who runs the service. @param name who it was, such as the name of the account */
    record Operator(String name) implements Actor {
        @Override
        public String audited() {
            return "operator " + name;
        }
    }

    /** An administrator of a tenant. @param tenant the only one it may change */
    record Administrator(UUID tenant, String name) implements Actor {
        @Override
        public String audited() {
            return name;
        }
    }

    /** A part of the program that acts by itself. @param job which */
    record Job(String job) implements Actor {
        @Override
        public String audited() {
            return "sekisho " + job;
        }
    }
}
