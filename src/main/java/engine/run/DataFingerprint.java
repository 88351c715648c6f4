package engine.run;

import engine.base.UserError;
import engine.console.Units;
import engine.data.Dataset;
import engine.data.Datasets;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What the data of a run looked like. A resumed run gives the bits of an uninterrupted one only on
 * the same pictures in the same order, so it compares.
 *
 * @param train pictures to train on
 * @param val pictures to validate
 * @param digest of the class names, and of every picture's class and file name; not of the folder,
 *     which may move, nor of the pixels, which would take long to read
 */
public record DataFingerprint(int train, int val, String digest) {
  private static final int DIGEST_BYTES = 8;

  public static DataFingerprint of(Datasets.Split data) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      data.train().classNames().forEach(name -> add(sha, name));
      add(sha, data.train());
      add(sha, data.val());
      String digest = HexFormat.of().formatHex(sha.digest(), 0, DIGEST_BYTES);
      return new DataFingerprint(data.train().size(), data.val().size(), digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * @param now the data as it is found today
   * @param otherwise what else the user can do than to put the data back
   * @throws UserError if it is not what this mark was made of
   */
  public void require(DataFingerprint now, String otherwise) {
    if (equals(now)) {
      return;
    }
    throw new UserError(
        "the data of this run has changed (%s), so it cannot go on where it was: put the data back as it was, or %s"
            .formatted(difference(now), otherwise));
  }

  /** What is not as it was, for people. */
  public String difference(DataFingerprint now) {
    return train == now.train && val == now.val
        ? "pictures or classes have other names"
        : "it had %s to train on and %,d to validate, and now it has %,d and %,d"
            .formatted(Units.count(train, "picture"), val, now.train, now.val);
  }

  private static void add(MessageDigest sha, Dataset d) {
    for (int i = 0; i < d.size(); i++) {
      String name = d.name(i);
      add(sha, d.label(i) + ":" + name.substring(name.lastIndexOf('/') + 1));
    }
    add(sha, "end");
  }

  private static void add(MessageDigest sha, String text) {
    sha.update(text.getBytes(StandardCharsets.UTF_8));
    sha.update((byte) 0);
  }
}
