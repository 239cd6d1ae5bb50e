package io.sekisho.smtp.server;

import io.sekisho.mail.address.Mailbox;
import io.sekisho.mail.address.ReversePath;
import io.sekisho.mail.message.Content;
import io.sekisho.mail.message.FileContent;
import io.sekisho.smtp.MailParameters;
import io.sekisho.smtp.RecipientParameters;
import io.sekisho.smtp.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A receiver that keeps what it gets. Recipients say what shall happen: {@code unknown@} is refused, {@code later@} put off,
 * {@code broken@} throws; content to {@code refuse@}, {@code explode@} or {@code wait@} is refused, throws, or waits.
 */
final class RecordingReceiver implements Receiver {
    final Queue<Mail> mails = new ConcurrentLinkedQueue<>();
    final Queue<Reply> contentRefused = new ConcurrentLinkedQueue<>();
    final Queue<String> ends = new ConcurrentLinkedQueue<>();
    final CountDownLatch contentArrived = new CountDownLatch(1);
    final CountDownLatch contentMayGoOn = new CountDownLatch(1);
    Reply greeting = new Reply(220, null, List.of("mx.hakone.example ESMTP Sekisho"));

    /** A message as it was taken. */
    record Mail(
            Hello hello,
            ReversePath sender,
            MailParameters parameters,
            List<Mailbox> recipients,
            List<RecipientParameters> recipientParameters,
            String content,
            boolean inFile) {}

    private record TestReceipt(String id) implements Receipt {}

    @Override
    public Reply connected(Peer peer) {
        if (greeting.code() == 299) {
            throw new IllegalStateException("a secret of the receiver");
        }
        return greeting;
    }

    @Override
    public Beginning begin(Hello hello, ReversePath reversePath, MailParameters parameters) {
        if (reversePath.toString().startsWith("banned@")) {
            return new Beginning.Refused(Reply.of(550, "5.7.1", "not from you"));
        }
        if (reversePath.toString().startsWith("broken@")) {
            throw new IllegalStateException("a secret of the receiver");
        }
        return new Beginning.Opened(new Transaction(hello, reversePath, parameters));
    }

    @Override
    public void disconnected(Peer peer, @Nullable String reason) {
        ends.add(reason == null ? "quit" : reason);
    }

    private final class Transaction implements MailTransaction {
        private final Hello hello;
        private final ReversePath sender;
        private final MailParameters parameters;
        private final List<Mailbox> recipients = new ArrayList<>();
        private final List<RecipientParameters> recipientParameters = new ArrayList<>();

        private Transaction(Hello hello, ReversePath sender, MailParameters parameters) {
            this.hello = hello;
            this.sender = sender;
            this.parameters = parameters;
        }

        @Override
        public Reply recipient(Mailbox forwardPath, RecipientParameters asked) {
            switch (forwardPath.localPart()) {
                case "unknown" -> {
                    return Reply.of(550, "5.1.1", "no such mailbox");
                }
                case "later" -> {
                    return Reply.of(451, "4.7.1", "later");
                }
                case "broken" -> throw new IllegalStateException("a secret of the receiver");
                default -> {
                    recipients.add(forwardPath);
                    recipientParameters.add(asked);
                }
            }
            return Reply.of(250, "2.1.5", "recipient ok");
        }

        @Override
        public ContentOutcome content(Content content) throws InterruptedException {
            String text = text(content);
            switch (recipients.getFirst().localPart()) {
                case "refuse" -> {
                    return new ContentOutcome.Refused(Reply.of(550, "5.7.1", "spam"));
                }
                case "explode" -> throw new IllegalStateException("a secret of the receiver");
                case "wait" -> {
                    contentArrived.countDown();
                    contentMayGoOn.await();
                }
                default -> {}
            }
            mails.add(new Mail(
                    hello,
                    sender,
                    parameters,
                    List.copyOf(recipients),
                    List.copyOf(recipientParameters),
                    text,
                    content instanceof FileContent));
            return new ContentOutcome.Stored(new TestReceipt("id-" + mails.size()));
        }

        @Override
        public void contentRefused(Reply reply) {
            contentRefused.add(reply);
        }

        private static String text(Content content) {
            try (InputStream in = content.open()) {
                String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                if (content instanceof FileContent file) {
                    Files.delete(file.path());
                }
                return text;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
