package io.sekisho.app;

import io.sekisho.app.settings.RouteLine;
import io.sekisho.app.settings.Settings;
import java.security.SecureRandom;
import java.util.List;

/** Starts the gateway, alone or in a pretend internet. */
final class Sekisho implements Program {
    @Override
    public Running start(Settings settings, List<RouteLine> routes) throws StartException, InterruptedException {
        return new Gateway(settings, Routing.of(routes, new SecureRandom()), new MailLines());
    }

    @Override
    public Running demo(DemoOptions options) throws StartException {
        throw new StartException(ExitCode.UNAVAILABLE, "The demo is not part of this build.");
    }
}
