package io.sekisho.app.settings;

/** The words on and off of the command line. */
public enum OnOff {
    /** It shall be so. */
    ON,
    /** It shall not. */
    OFF
}
