package engine.backend.cuda.dnn;

import engine.base.CacheFolders;
import engine.base.Ownership;
import engine.base.UserError;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Plans of earlier runs, a file each, in the words of the library that made them: to read an engine
 * that cuDNN compiles at run time takes a small part of the time that it takes to compile.
 *
 * <p>A file holds the question that its plan answers and the SHA-256 of all that follows it: cuDNN
 * itself takes a plan whose compiled kernel has a wrong bit. Whatever is damaged, of another format
 * or of another question is as good as not there. Files appear whole, so any number of processes
 * may share a folder; each may be deleted at any time.
 */
public final class PlanFiles {
  /** Raised whenever the same question would have another answer. */
  private static final String FORMAT = "engine plan, format 1";

  private static final System.Logger LOG = System.getLogger(PlanFiles.class.getName());

  private final Path folder;

  private PlanFiles(Path folder) {
    this.folder = folder;
  }

  /** Keeps nothing. */
  public static PlanFiles none() {
    return new PlanFiles(null);
  }

  /** Keeps plans in a folder, which is made when the first one is written. */
  public static PlanFiles in(Path folder) {
    return new PlanFiles(folder);
  }

  /**
   * Keeps plans in the folder {@code plans} of the cache, or nothing where there is no cache of
   * this user's alone: a plan is code for the GPU.
   */
  public static PlanFiles inCache() {
    try {
      return in(CacheFolders.own("plans"));
    } catch (UserError e) {
      LOG.log(Level.DEBUG, "plans are not kept: {0}", e.getMessage());
      return none();
    }
  }

  /**
   * The plan that answers a question.
   *
   * @param question all that the plan depends on, in one line
   */
  public Optional<String> read(String question) {
    if (folder == null) {
      return Optional.empty();
    }
    Path file = file(question);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Ownership.isOwn(file)) {
      LOG.log(Level.DEBUG, "{0} may be another user''s work: planning anew", file);
      return Optional.empty();
    }
    try {
      String[] parts = Files.readString(file).split("\n", 3);
      boolean whole =
          parts.length == 3 && parts[0].equals(FORMAT) && parts[1].equals(sum(parts[2]));
      String start = question + "\n";
      if (whole && parts[2].startsWith(start)) {
        return Optional.of(parts[2].substring(start.length()));
      }
      LOG.log(Level.DEBUG, "{0} is damaged or of another version: planning anew", file);
    } catch (NoSuchFileException e) {
      // asked for the first time
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "{0} cannot be read: planning anew: {1}", file, e);
    }
    return Optional.empty();
  }

  /** Keeps a plan, in the place of an earlier one. That it cannot is no error. */
  public void write(String question, String plan) {
    if (folder == null) {
      return;
    }
    Path file = file(question);
    String answer = question + "\n" + plan;
    try {
      Files.createDirectories(folder);
      Path beside = Files.createTempFile(folder, "plan", ".part");
      try {
        Files.writeString(beside, FORMAT + "\n" + sum(answer) + "\n" + answer);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "{0} cannot be written: the next run plans anew: {1}", file, e);
    }
  }

  /** Keeps no answer to a question any longer. */
  public void forget(String question) {
    if (folder == null) {
      return;
    }
    try {
      Files.deleteIfExists(file(question));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a plan cannot be deleted: {0}", e);
    }
  }

  private Path file(String question) {
    return folder.resolve(sum(question).substring(0, 32) + ".plan");
  }

  private static String sum(String text) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has SHA-256
    }
  }
}
