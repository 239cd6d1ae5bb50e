package io.sekisho.app;

/** How the program ends, by the numbers of sysexits(3). */
public enum ExitCode {
    /** All went well. */
    OK(0),
    /** The command line is wrong. */
    USAGE(64),
    /** What was asked for does not fit what there is. */
    DATA(65),
    /** Something that is needed is not there: a port in use, a database that does not answer. */
    UNAVAILABLE(69),
    /** A surprise: a mistake of ours. */
    SOFTWARE(70),
    /** A file or folder cannot be made. */
    CANNOT_CREATE(73),
    /** Reading or writing failed. */
    IO(74),
    /** The settings or the routes are wrong. */
    CONFIG(78);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The number that the shell sees. */
    public int number() {
        return number;
    }
}
