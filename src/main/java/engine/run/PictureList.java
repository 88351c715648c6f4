package engine.run;

import engine.base.Setting;
import engine.base.UserError;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.Limited;
import engine.recipe.Recipe;
import engine.weights.AtomicFiles;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Which pictures of a folder a run trains on and which it holds out: {@code pictures.tsv.gz} of the
 * run folder. A folder changes, and would be split in another way then; what was trained on must
 * not be taken for held out. A line a picture: {@code train} or {@code val}, bytes, time of the
 * last change in milliseconds, path below the folder; the folder itself stands in the first.
 *
 * @param root the folder, by its absolute path
 * @param entries by path below it, in the order of the two sides
 */
public record PictureList(String root, Map<String, Entry> entries) {
  public static final String FILE = "pictures.tsv.gz";
  private static final String HEAD = "engine pictures 1\t";

  /** 300,000 pictures take some 20 MB; what unpacks to much more is none of this program's. */
  private static final long MOST_BYTES = 1L << 28;

  /**
   * @param bytes of the file, -1 if unknown
   * @param millis when it was last changed
   */
  record Entry(boolean held, long bytes, long millis) {}

  /** The list of what a recipe's data was split into; null if they are none of the user's own. */
  public static PictureList of(Recipe r, Datasets.Split split) {
    if (!Datasets.isOwn(r.data().source())) {
      return null;
    }
    String root = Datasets.root(r.data().source());
    Map<String, Entry> entries = new LinkedHashMap<>();
    add(Limited.whole(split.train()), false, root, entries);
    add(Limited.whole(split.val()), true, root, entries);
    return new PictureList(root, entries);
  }

  private static void add(Dataset d, boolean held, String root, Map<String, Entry> to) {
    Entry[] found =
        IntStream.range(0, d.size())
            .parallel()
            .mapToObj(i -> look(d.name(i), held))
            .toArray(Entry[]::new);
    for (int i = 0; i < found.length; i++) {
      to.put(below(d.name(i), root), found[i]);
    }
  }

  static Entry look(String file, boolean held) {
    try {
      var a = Files.readAttributes(Path.of(file), BasicFileAttributes.class);
      return new Entry(held, a.size(), a.lastModifiedTime().toMillis());
    } catch (IOException | InvalidPathException e) {
      return new Entry(held, -1, -1); // read by another way, or not at all
    }
  }

  /** A picture's path below a folder, with slashes. */
  static String below(String name, String folder) {
    boolean slashes = File.separatorChar == '/';
    String path = slashes ? name : name.replace(File.separatorChar, '/');
    String base = slashes ? folder : folder.replace(File.separatorChar, '/');
    return path.startsWith(base + "/") ? path.substring(base.length() + 1) : path;
  }

  public void write(Path file) throws IOException {
    AtomicFiles.replace(
        file,
        channel -> {
          GZIPOutputStream zip = new GZIPOutputStream(Channels.newOutputStream(channel), 1 << 16);
          Writer w = new BufferedWriter(new OutputStreamWriter(zip, StandardCharsets.UTF_8));
          w.write(HEAD + escaped(root) + "\n");
          for (Map.Entry<String, Entry> e : entries.entrySet()) {
            Entry p = e.getValue();
            w.write(p.held ? "val\t" : "train\t");
            w.write(p.bytes + "\t" + p.millis + "\t" + escaped(e.getKey()) + "\n");
          }
          w.flush();
          zip.finish();
        });
  }

  /**
   * Reads the list of a run.
   *
   * @param run its folder
   * @return null if there is none: an older run, or no folder of pictures
   * @throws UserError if it is damaged
   */
  public static PictureList read(Path run) throws IOException {
    Path file = run.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    Map<String, Entry> entries = new LinkedHashMap<>();
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(
                new Bounded(new GZIPInputStream(Files.newInputStream(file), 1 << 16)),
                StandardCharsets.UTF_8))) {
      String head = in.readLine();
      if (head != null && head.startsWith(HEAD)) {
        for (String line; (line = in.readLine()) != null; ) {
          String[] parts = line.split("\t", 4);
          boolean held = parts[0].equals("val");
          if (!held && !parts[0].equals("train")) {
            throw new IOException("neither side");
          }
          Entry e = new Entry(held, Long.parseLong(parts[1]), Long.parseLong(parts[2]));
          entries.put(unescaped(parts[3]), e);
        }
        return new PictureList(unescaped(head.substring(HEAD.length())), entries);
      }
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
      // said below
    }
    throw new UserError(
        file
            + " is damaged, which says what the run held out: put it back, or name pictures with "
            + Setting.DATA
            + " and delete it");
  }

  /** Stops what unpacks to more than any list has. */
  private static final class Bounded extends FilterInputStream {
    private long left = MOST_BYTES;

    Bounded(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] to, int at, int most) throws IOException {
      int n = super.read(to, at, most);
      left -= n;
      if (left < 0) {
        throw new IOException("too long");
      }
      return n;
    }
  }

  private static String escaped(String name) {
    return name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  private static String unescaped(String text) {
    if (text.indexOf('\\') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && i + 1 < text.length()) {
        c = text.charAt(++i);
        c = c == 'n' ? '\n' : c == 'r' ? '\r' : c;
      }
      out.append(c);
    }
    return out.toString();
  }

  /**
   * Compares with the same pictures as they are now.
   *
   * @return the path of one that has other contents, and how many have, or null
   */
  public Changed changed(PictureList now) {
    // A copied folder has other times.
    boolean moved = !Objects.equals(root, now.root);
    int count = 0;
    String first = null;
    for (Map.Entry<String, Entry> e : entries.entrySet()) {
      Entry before = e.getValue();
      Entry after = now.entries.get(e.getKey());
      if (after != null
          && before.bytes >= 0
          && after.bytes >= 0
          && (before.bytes != after.bytes || !moved && before.millis != after.millis)) {
        first = count++ == 0 ? e.getKey() : first;
      }
    }
    return count == 0 ? null : new Changed(first, count);
  }

  /** What of a run's pictures has other contents. */
  public record Changed(String first, int count) {
    @Override
    public String toString() {
      return count == 1
          ? "the picture " + first + " has other contents"
          : "%,d pictures, such as %s, have other contents".formatted(count, first);
    }
  }
}
