package io.sekisho.app.simulation;

/** The machine stops here. An error, so that nothing in the product catches it. */
final class PowerCut extends Error {
    private static final long serialVersionUID = 1L;

    PowerCut(String where) {
        super("power cut " + where, null, false, false);
    }
}
