package io.sekisho.app;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the command line sees of the world.
 *
 * @param out for what was asked for
 * @param err for what went wrong
 * @param folder the working folder, absolute
 * @param environment variables
 * @param localHostName the machine's own name
 */
record Console(PrintWriter out, PrintWriter err, Path folder, Map<String, String> environment, String localHostName) {}
