import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A session that sends mail to the gateway. */
final class Client implements AutoCloseable {
    private static final int TIMEOUT = 60_000;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;

    Client(int port) throws IOException {
        socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT);
        socket.setSoTimeout(TIMEOUT);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
        reply();
        say("EHLO bench.test");
    }

    static boolean answers(int port) {
        try (Client client = new Client(port)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** @return the code of the reply */
    int say(String command) throws IOException {
        write(command + "\r\n");
        return reply();
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    private int reply() throws IOException {
        while (true) {
            String line = Lines.next(in);
            if (line == null || line.length() < 3) {
                throw new IOException("no reply");
            }
            if (line.length() == 3 || line.charAt(3) == ' ') {
                return Integer.parseInt(line.substring(0, 3));
            }
        }
    }

    /** The reply to one recipient. */
    int recipient(String mailbox) throws IOException {
        int mail = say("MAIL FROM:<alice@sender.example>");
        int code = mail == 250 ? say("RCPT TO:<" + mailbox + ">") : mail;
        say("RSET");
        return code;
    }

    /** Sends a message. @return the code of its last reply */
    int send(String mailbox, String content) throws IOException {
        write("MAIL FROM:<alice@sender.example>\r\nRCPT TO:<" + mailbox + ">\r\nDATA\r\n");
        int mail = reply();
        int recipient = reply();
        int data = reply();
        if (data != 354) {
            say("RSET");
            return mail != 250 ? mail : recipient != 250 ? recipient : data;
        }
        write(content + "\r\n.\r\n");
        return reply();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
