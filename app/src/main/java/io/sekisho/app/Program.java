package io.sekisho.app;

import io.sekisho.app.settings.RouteLine;
import io.sekisho.app.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the command line starts, once all that was written is understood. */
interface Program {
    /**
     * Starts the gateway; returns when it listens.
     *
     * @throws StartException when it cannot start for a reason that the operator can mend
     */
    Running start(Settings settings, List<RouteLine> routes) throws StartException, InterruptedException;

    /** Starts the demo; returns when it runs. */
    Running demo(DemoOptions options) throws StartException, InterruptedException;

    /** Something that runs until it is stopped. */
    interface Running {
        /**
         * Returns when it was stopped.
         *
         * @throws StartException when something it needs did not come up after all
         */
        void awaitEnd() throws InterruptedException, StartException;

        /** Stops it in good order: no new mail, what was begun is finished within a bound, everything is filed. Idempotent. */
        void stop();
    }

    /**
     * How the demo is shown.
     *
     * @param data the folder to work in and keep; none: a temporary one
     * @param language of what it says, Japanese or English
     * @param seed of its chances
     */
    record DemoOptions(Optional<Path> data, Locale language, long seed) {}
}
