package engine.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;

/**
 * Who can change what lies at a path. Users are told apart by their numbers, as the system does it:
 * not every user has a name.
 *
 * <p>The answer holds for as long as this user and root leave the path alone: whoever cannot write
 * in any of its folders cannot put another file there later.
 */
public final class Ownership {
  private static final long ROOT = 0;
  private static final int BY_GROUP = 020;
  private static final int BY_ALL = 002;
  private static final int STICKY = 01000;

  private Ownership() {}

  /** The number of the user this process works as ({@code id -u}). */
  public static long user() {
    return Me.NUMBER;
  }

  /**
   * Why another user could change what is at {@code path}, or where one of its links points: words
   * to follow a colon. Null if only this user and root can.
   *
   * @throws IOException if there is nothing or it may not be looked at
   */
  public static String doubt(Path path) throws IOException {
    return doubt(path, path.toRealPath());
  }

  /**
   * Why another user could change what this one makes in {@code folder}, in the same words; null if
   * only this user and root can.
   */
  public static String doubtInside(Path folder) throws IOException {
    return doubt(folder, null);
  }

  private static String doubt(Path path, Path last) throws IOException {
    String doubt = ofLinks(path.toAbsolutePath());
    for (Path p = path.toRealPath(); p != null && doubt == null; p = p.getParent()) {
      doubt = ofOne(p, p.equals(last));
    }
    return doubt;
  }

  /**
   * Whether a file in a folder that is free of {@link #doubt} is this user's or root's alone: a
   * plain file, by no other name in another folder, that nobody else may write.
   */
  public static boolean isOwn(Path file) {
    try {
      Map<String, Object> a = attributes(file, "isRegularFile,uid,mode,nlink");
      return (boolean) a.get("isRegularFile")
          && isTrusted((int) a.get("uid"))
          && !isOpen(file, (int) a.get("mode"))
          && (int) a.get("nlink") == 1;
    } catch (IOException e) {
      return false;
    }
  }

  /** A link of a stranger's may point elsewhere tomorrow. */
  private static String ofLinks(Path absolute) throws IOException {
    for (Path p = absolute; p != null; p = p.getParent()) {
      Map<String, Object> a = attributes(p, "isSymbolicLink,uid");
      if ((boolean) a.get("isSymbolicLink") && !isTrusted((int) a.get("uid"))) {
        return p + " is a link that user " + a.get("uid") + " made";
      }
    }
    return null;
  }

  private static String ofOne(Path p, boolean last) throws IOException {
    Map<String, Object> a = attributes(p, "uid,mode");
    int owner = (int) a.get("uid");
    int mode = (int) a.get("mode");
    if (!isTrusted(owner) && (last || owner != Strangers.UNMAPPED)) {
      return "%s belongs to user %d".formatted(p, owner);
    }
    // In a sticky folder, as /tmp is one, nobody can move or remove what is another's.
    if ((last || (mode & STICKY) == 0) && isOpen(p, mode)) {
      return p + " can be written by others";
    }
    return null;
  }

  private static boolean isTrusted(int owner) {
    return owner == ROOT || owner == user();
  }

  private static boolean isOpen(Path p, int mode) throws IOException {
    if ((mode & BY_GROUP) == 0 || (mode & BY_ALL) != 0) {
      return (mode & BY_ALL) != 0;
    }
    // Many systems give each user a group of the same name that nobody else is in.
    PosixFileAttributes a =
        Files.readAttributes(p, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return user() == ROOT || !a.owner().getName().equals(a.group().getName());
  }

  static Map<String, Object> attributes(Path p, String names) throws IOException {
    return Files.readAttributes(p, "unix:" + names, LinkOption.NOFOLLOW_LINKS);
  }

  /** Asked once. */
  private static final class Me {
    static final int NUMBER = number();

    private static int number() {
      try {
        String status = Files.readString(Path.of("/proc/self/status"));
        // Real, effective, saved, and the one that counts for files. No pattern: those take longer
        // to load than everything here, and this is a part of every start.
        StringTokenizer ids = new StringTokenizer(status.substring(status.indexOf("\nUid:") + 5));
        ids.nextToken();
        ids.nextToken();
        ids.nextToken();
        return Integer.parseUnsignedInt(ids.nextToken());
      } catch (IOException | RuntimeException e) {
        // no /proc here
      }
      try {
        Path mine = Files.createTempFile("engine", ".user");
        try {
          return (int) attributes(mine, "uid").get("uid");
        } finally {
          Files.delete(mine);
        }
      } catch (IOException e) {
        return -1; // which is nobody's
      }
    }
  }

  /** Asked once, and seldom. */
  private static final class Strangers {
    /**
     * In a namespace of users that knows only some of them, root's folders seem to be of this one;
     * -2 elsewhere.
     */
    static final int UNMAPPED = unmapped();

    private static int unmapped() {
      try {
        List<String> map = Files.readAllLines(Path.of("/proc/self/uid_map"));
        if (map.size() == 1 && map.getFirst().strip().matches("0\\s+0\\s+4294967295")) {
          return -2;
        }
        // In one read: this file gives what is behind the first bytes to no second one.
        byte[] digits = new byte[32];
        try (InputStream in = Files.newInputStream(Path.of("/proc/sys/kernel/overflowuid"))) {
          int n = in.read(digits);
          return Integer.parseInt(new String(digits, 0, n, StandardCharsets.US_ASCII).strip());
        }
      } catch (IOException | RuntimeException e) {
        return -2;
      }
    }
  }
}
