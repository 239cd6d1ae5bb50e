package io.sekisho.control.tenancy;

import io.sekisho.control.tenancy.ChangeResult.Refusal;

/** Ends the transaction of a change that is not made. Never leaves the package. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal why;

    RefusedException(Refusal why, String detail) {
        super(detail, null, false, false);
        this.why = why;
    }

    ChangeResult.Refused result() {
        return new ChangeResult.Refused(why, String.valueOf(getMessage()));
    }
}
