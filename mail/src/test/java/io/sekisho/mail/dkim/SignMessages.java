package io.sekisho.mail.dkim;

import io.sekisho.mail.address.DomainName;
import io.sekisho.mail.dkim.key.DkimAlgorithm;
import io.sekisho.mail.dkim.key.KeyMaker;
import io.sekisho.mail.dkim.key.KeyRecord;
import io.sekisho.mail.dkim.key.Selector;
import io.sekisho.mail.dkim.key.SigningKey;
import io.sekisho.mail.message.FileContent;
import io.sekisho.mail.message.PrecededContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * For the judge: signs every file of a folder in all four canonicalizations with two keys. Arguments: the folder, one to write
 * to, the domain. Writes NAME.CANONICALIZATION.eml and the key records, "name TAB text" a line; prints what was not signed and why.
 */
final class SignMessages {
    private SignMessages() {}

    public static void main(String[] arguments) throws IOException {
        Path from = Path.of(arguments[0]);
        Path to = Path.of(arguments[1]);
        DomainName domain = new DomainName(arguments[2]);
        List<SigningKey> keys = new ArrayList<>();
        List<String> records = new ArrayList<>();
        for (DkimAlgorithm algorithm : DkimAlgorithm.values()) {
            KeyPair pair = new KeyMaker(new SecureRandom()).make(algorithm);
            Selector selector = new Selector(algorithm.keyType());
            keys.add(new SigningKey(selector, algorithm, pair.getPrivate()));
            records.add(selector.recordName(domain) + "\t"
                    + KeyRecord.of(algorithm, pair.getPublic()).text());
        }
        Files.write(to.resolve("records"), records);
        DkimSigner signer = new DkimSigner(Clock.systemUTC(), SigningLimits.DEFAULT);
        PrintStream out = System.out;
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.sorted().toList()) {
                for (Canonicalization header : Canonicalization.values()) {
                    for (Canonicalization body : Canonicalization.values()) {
                        SigningPlan plan = SigningPlan.of(domain, keys).with(header, body);
                        out.print(sign(signer, plan, file, to));
                    }
                }
            }
        }
    }

    private static String sign(DkimSigner signer, SigningPlan plan, Path file, Path to) throws IOException {
        FileContent content = new FileContent(file, Files.size(file), true);
        String name = file.getFileName() + "." + plan.header().tag() + "-"
                + plan.body().tag() + ".eml";
        return switch (signer.sign(content, plan)) {
            case SigningResult.Signed(String fields) -> {
                try (InputStream in = new PrecededContent(fields, content).open()) {
                    Files.copy(in, to.resolve(name));
                }
                yield "";
            }
            case SigningResult.NotSigned(SigningResult.Why why) -> name + "\t" + why + "\n";
        };
    }
}
