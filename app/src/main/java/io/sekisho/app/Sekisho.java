package io.sekisho.app;

import io.sekisho.app.settings.RouteLine;
import io.sekisho.app.settings.Settings;
import java.util.List;

/** The wiring of the gateway. */
final class Sekisho implements Program {
    @Override
    public Running start(Settings settings, List<RouteLine> routes) throws StartException {
        throw new StartException(ExitCode.UNAVAILABLE, "The gateway is not part of this build.");
    }

    @Override
    public Running demo(DemoOptions options) throws StartException {
        throw new StartException(ExitCode.UNAVAILABLE, "The demo is not part of this build.");
    }
}
