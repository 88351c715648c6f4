package engine.weights;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;

/** Makes damaged files out of whole ones, at every level: bytes, pickles in zips, headers. */
final class Damage {
  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final String[] NUMBERS = {
    "0",
    "-1",
    "1",
    "255",
    "65536",
    "2147483647",
    "2147483648",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "1e300",
    "0.5",
    "null",
    "[]",
    "\"\""
  };

  private final SplittableRandom random;

  Damage(SplittableRandom random) {
    this.random = random;
  }

  /** One of the seeds, damaged; checksums and lengths around the damage are often put right. */
  byte[] one(List<byte[]> seeds) {
    byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
    if (isZip(bytes) || random.nextInt(3) == 0) {
      bytes = inBytes(bytes, seeds);
      return isZip(bytes) && random.nextInt(4) != 0 ? withChecksums(bytes) : bytes;
    }
    byte[] header = inHeader(bytes);
    return header == null ? inBytes(bytes, seeds) : header;
  }

  private static boolean isZip(byte[] bytes) {
    return bytes.length >= 30 && little(bytes).getInt(0) == LOCAL;
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes changed, parts cut, doubled, or taken from another seed. */
  private byte[] inBytes(byte[] whole, List<byte[]> seeds) {
    byte[] bytes = whole;
    // Pickles and directories are a small part of a file: half of the damage goes to its text.
    for (int i = random.nextInt(1, 4); i > 0 && bytes.length > 1; i--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(7)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = random.nextInt(4) == 0 ? Arrays.copyOf(bytes, at + 1) : bytes;
        case 3 -> bytes[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
        case 4 -> splice(bytes, at, seeds);
        case 5 -> bytes = doubled(bytes, at, random.nextInt(Math.min(4096, bytes.length - at) + 1));
        default -> System.arraycopy(bytes, at, bytes, random.nextInt(at + 1), bytes.length - at);
      }
    }
    return bytes;
  }

  private void splice(byte[] bytes, int at, List<byte[]> seeds) {
    byte[] other = seeds.get(random.nextInt(seeds.size()));
    int n = random.nextInt(Math.min(64, Math.min(other.length, bytes.length - at)) + 1);
    System.arraycopy(other, random.nextInt(other.length - n + 1), bytes, at, n);
  }

  private static byte[] doubled(byte[] bytes, int at, int n) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + n);
    System.arraycopy(bytes, at, longer, at + n, bytes.length - at);
    return longer;
  }

  /** A zip whose entries have the checksums of their bytes, where the directory can be followed. */
  private static byte[] withChecksums(byte[] bytes) {
    ByteBuffer b = little(bytes);
    for (int at = 0; at + 46 <= bytes.length; at++) {
      if (b.getInt(at) != CENTRAL) {
        continue;
      }
      int size = b.getInt(at + 24);
      int local = b.getInt(at + 42);
      if (local < 0 || local > bytes.length - 30 || b.getInt(local) != LOCAL) {
        continue;
      }
      long from =
          30L + local + (b.getShort(local + 26) & 0xffff) + (b.getShort(local + 28) & 0xffff);
      if (size >= 0 && from + size <= bytes.length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, (int) from, size);
        b.putInt(at + 16, (int) crc.getValue());
        if (b.getInt(local + 14) != 0) {
          b.putInt(local + 14, (int) crc.getValue());
        }
      }
    }
    return bytes;
  }

  /** A safetensors file with another header, whose length is right; null if it is none. */
  private byte[] inHeader(byte[] bytes) {
    if (bytes.length < 10) {
      return null;
    }
    long length = little(bytes).getLong(0);
    if (length < 2 || length > bytes.length - 8 || bytes[8] != '{') {
      return null;
    }
    String json = new String(bytes, 8, (int) length, StandardCharsets.ISO_8859_1);
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      json = changed(json);
    }
    byte[] header = json.getBytes(StandardCharsets.ISO_8859_1);
    byte[] out = new byte[8 + header.length + bytes.length - 8 - (int) length];
    little(out).putLong(0, header.length);
    System.arraycopy(header, 0, out, 8, header.length);
    int rest = 8 + (int) length;
    System.arraycopy(bytes, rest, out, 8 + header.length, bytes.length - rest);
    return out;
  }

  /** A number replaced, a part cut out or doubled, a bracket put in. */
  private String changed(String json) {
    int at = random.nextInt(json.length() + 1);
    int end = Math.min(json.length(), at + random.nextInt(40));
    return switch (random.nextInt(5)) {
      case 0, 1 -> withNumber(json, at);
      case 2 -> json.substring(0, at) + json.substring(end);
      case 3 -> json.substring(0, end) + json.substring(at);
      default ->
          json.substring(0, at) + "{[\"\\u,:]}".charAt(random.nextInt(9)) + json.substring(at);
    };
  }

  private String withNumber(String json, int near) {
    int from = near;
    while (from < json.length() && !Character.isDigit(json.charAt(from))) {
      from++;
    }
    int to = from;
    while (to < json.length() && Character.isDigit(json.charAt(to))) {
      to++;
    }
    return json.substring(0, from) + NUMBERS[random.nextInt(NUMBERS.length)] + json.substring(to);
  }
}
