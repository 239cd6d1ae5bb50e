package io.sekisho.app;

/** The words on and off of the command line. */
enum OnOff {
    /** It shall be so. */
    ON,
    /** It shall not. */
    OFF
}
