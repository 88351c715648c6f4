package engine.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A set of names that keeps 64 bits of the SHA-256 of each: at most 32 bytes a name, however long
 * it is. Among a million names two share them with a chance of 3 in 100 million.
 */
final class NameSet {
  private final MessageDigest sha256;
  private long[] slots = new long[1 << 10];
  private int size;

  NameSet() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  void add(String name) {
    if (size >= slots.length / 2) {
      long[] old = slots;
      slots = new long[2 * old.length];
      for (long key : old) {
        if (key != 0) {
          slots[slot(key)] = key;
        }
      }
    }
    long key = key(name);
    int at = slot(key);
    if (slots[at] == 0) {
      slots[at] = key;
      size++;
    }
  }

  boolean contains(String name) {
    return slots[slot(key(name))] != 0;
  }

  /** Where the key is, or would be put: linear probing. */
  private int slot(long key) {
    int at = (int) key & slots.length - 1;
    while (slots[at] != 0 && slots[at] != key) {
      at = at + 1 & slots.length - 1;
    }
    return at;
  }

  private long key(String name) {
    byte[] hash = sha256.digest(name.getBytes(StandardCharsets.UTF_8));
    long key = ByteBuffer.wrap(hash).getLong();
    return key == 0 ? 1 : key; // 0 marks a free slot
  }
}
