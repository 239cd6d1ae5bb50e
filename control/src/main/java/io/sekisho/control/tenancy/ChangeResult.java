package io.sekisho.control.tenancy;

/** What came of a change. */
public sealed interface ChangeResult {
    /**
     * It is made, and in the audit.
     *
     * @param seq number by which gateways know it; in force when one has seen it, within seconds
     * @param changed how many things it changed; 0 when all was as wished before
     */
    record Done(long seq, int changed) implements ChangeResult {}

    /** It is not made, and nothing has changed. */
    record Refused(Refusal why, String detail) implements ChangeResult {}

    /** Why a change is not made. */
    enum Refusal {
        /** Who asked may not. */
        FORBIDDEN,
        /** There is no such tenant, domain, route or recipient. */
        NOT_FOUND,
        /** The name is taken by another. */
        TAKEN,
        /** The contract allows no more. */
        CONTRACT,
        /** What was asked for makes no sense. */
        INVALID,
        /** Something else needs it. */
        IN_USE
    }
}
