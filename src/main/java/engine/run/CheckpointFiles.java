package engine.run;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import engine.base.UserError;
import engine.recipe.JsonSeal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The files of one checkpoint, held together by its {@code state.json}, which lists the size and
 * the CRC-32C of each: a model of one epoch beside the optimiser of another is none.
 */
final class CheckpointFiles {
  /** The entry of {@code state.json}. */
  static final String KEY = "files";

  private static final Pattern TENSORS = Pattern.compile("[a-z]+\\.safetensors");

  /** What a kill leaves of one of them, or of {@code state.json}. */
  private static final Pattern HALF = Pattern.compile("\\.[a-z.]+\\.\\d+-\\d+\\.tmp");

  private CheckpointFiles() {}

  /** Size and checksum of every file of tensors in a folder, by name. */
  static JsonObject marks(Path folder) throws IOException {
    JsonObject out = new JsonObject();
    for (Path p : tensors(folder)) {
      out.add(p.getFileName().toString(), mark(p));
    }
    return out;
  }

  private static List<Path> tensors(Path folder) throws IOException {
    try (Stream<Path> s = Files.list(folder)) {
      return s.filter(p -> TENSORS.matcher(p.getFileName().toString()).matches()).sorted().toList();
    }
  }

  private static JsonObject mark(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    long size = 0;
    try (FileChannel in = FileChannel.open(file)) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
      for (int n; (n = in.read(buffer.clear())) > 0; size += n) {
        crc.update(buffer.flip());
      }
    }
    JsonObject mark = new JsonObject();
    mark.addProperty("bytes", size);
    mark.addProperty(JsonSeal.KEY, JsonSeal.digits(crc));
    return mark;
  }

  /**
   * Compares the files in a folder with those that its {@code state.json} lists.
   *
   * @param state its content; without a list, as before there were lists, everything fits
   * @throws UserError that names the file which is missing, another one, or one too many
   */
  static void require(Path folder, JsonObject state) throws IOException {
    if (!state.has(KEY)) {
      return;
    }
    JsonObject listed = state.getAsJsonObject(KEY);
    for (Map.Entry<String, JsonElement> e : listed.entrySet()) {
      requireMarked(folder.resolve(plain(folder, e.getKey())), e.getValue().getAsJsonObject());
    }
    for (Path p : tensors(folder)) {
      if (!listed.has(p.getFileName().toString())) {
        throw new UserError(p + " is not of this checkpoint: its state.json lists no such file");
      }
    }
  }

  /** A stranger's list could lead out of the folder. */
  private static String plain(Path folder, String name) {
    if (!TENSORS.matcher(name).matches()) {
      throw new UserError(folder.resolve("state.json") + " is damaged");
    }
    return name;
  }

  /**
   * @throws UserError if a file is missing or not the one that was marked
   */
  static void requireMarked(Path file, JsonObject mark) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UserError(file + " is missing");
    }
    if (Files.size(file) != mark.get("bytes").getAsLong() || !mark(file).equals(mark)) {
      throw new UserError(
          file
              + " is not the file that this checkpoint was saved with: its state.json lists another");
    }
  }

  /**
   * Removes a checkpoint and what a killed run left half written; files that the run did not write
   * stay, and so does the folder then. Links are not followed.
   */
  static void delete(Path folder, Set<String> known) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Set<String> own = new HashSet<>(known);
    own.addAll(Checkpoint.listed(folder));
    try (Stream<Path> s = Files.list(folder)) {
      for (Path p : s.toList()) {
        String name = p.getFileName().toString();
        if ((own.contains(name) || HALF.matcher(name).matches())
            && !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(p);
        }
      }
    }
    try {
      Files.delete(folder);
    } catch (DirectoryNotEmptyException e) {
      // Somebody's own files are in it.
    }
  }

  /**
   * Gives a finished checkpoint its name.
   *
   * @param last the file without which it is none
   */
  static void publish(Path temp, Path target, String last) throws IOException {
    if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    // Somebody's own files are in a folder of that name: they stay where they are.
    List<Path> files = new ArrayList<>(tensors(temp));
    files.add(temp.resolve(last));
    for (Path p : files) {
      Files.move(p, target.resolve(p.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
    Files.delete(temp);
  }
}
