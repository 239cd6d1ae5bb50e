package io.sekisho.app.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Attachments made in code: small, harmless, the same each time. */
final class MadeOctets {
    private static final long SEED = 20_261_125;

    private MadeOctets() {}

    /**
     * The octets of a kind.
     *
     * @param kind png, pdf, zip, locked-zip or octets
     * @param size of {@code octets}, unused by the others
     * @throws IllegalArgumentException when the kind is unknown
     */
    static byte[] of(String kind, int size) {
        return switch (kind) {
            case "png" -> png();
            case "pdf" -> pdf();
            case "zip" -> zip();
            case "locked-zip" -> lockedZip();
            case "octets" -> octets(size);
            default -> throw new IllegalArgumentException("nothing is made for " + kind);
        };
    }

    /** Octets without any pattern, as a photograph or an archive would have. */
    private static byte[] octets(int size) {
        byte[] octets = new byte[size];
        new SplittableRandom(SEED).nextBytes(octets);
        return octets;
    }

    /** A square of 32 by 32 grey dots, darker to the lower right. */
    private static byte[] png() {
        int side = 32;
        ByteBuffer dots = ByteBuffer.allocate(side * (side + 1));
        for (int y = 0; y < side; y++) {
            dots.put((byte) 0);
            for (int x = 0; x < side; x++) {
                dots.put((byte) (255 - 4 * (x + y)));
            }
        }
        ByteBuffer header = ByteBuffer.allocate(13).putInt(side).putInt(side).put((byte) 8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
        chunk(out, "IHDR", header.array());
        chunk(out, "IDAT", deflated(dots.array()));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(name);
        out.writeBytes(data);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static byte[] deflated(byte[] octets) {
        byte[] room = new byte[octets.length + 64];
        try (Deflater deflater = new Deflater()) {
            deflater.setInput(octets);
            deflater.finish();
            int length = deflater.deflate(room);
            return Arrays.copyOf(room, length);
        }
    }

    /** One empty page, with the places of its objects counted. */
    private static byte[] pdf() {
        String[] objects = {
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
        };
        StringBuilder pdf = new StringBuilder("%PDF-1.4\n");
        StringBuilder places = new StringBuilder("xref\n0 4\n0000000000 65535 f \n");
        for (int i = 0; i < objects.length; i++) {
            places.append(String.format("%010d 00000 n \n", pdf.length()));
            pdf.append(i + 1).append(" 0 obj\n").append(objects[i]).append("\nendobj\n");
        }
        int start = pdf.length();
        pdf.append(places)
                .append("trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n")
                .append(start)
                .append("\n%%EOF\n");
        return pdf.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] zip() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
            ZipEntry entry = new ZipEntry("見積書.txt");
            entry.setTime(0);
            zip.putNextEntry(entry);
            zip.write("御見積書\r\n合計 128,000円 (税込)\r\n".getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The same archive with the mark of encryption (bit 0 of the general purpose flag) in both of its headers. */
    private static byte[] lockedZip() {
        byte[] zip = zip();
        for (int i = 0; i + 10 < zip.length; i++) {
            boolean header = zip[i] == 'P' && zip[i + 1] == 'K';
            if (header && zip[i + 2] == 3 && zip[i + 3] == 4) {
                zip[i + 6] |= 1;
            } else if (header && zip[i + 2] == 1 && zip[i + 3] == 2) {
                zip[i + 8] |= 1;
            }
        }
        return zip;
    }
}
