import java.io.IOException;
import java.io.InputStream;

/** Lines that end with CR LF. */
final class Lines {
    private Lines() {}

    /** The next line without its end; null at the end of the stream. */
    static String next(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(80);
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                if (!line.isEmpty() && line.charAt(line.length() - 1) == '\r') {
                    line.setLength(line.length() - 1);
                }
                return line.toString();
            }
            line.append((char) c);
        }
        return null;
    }
}
