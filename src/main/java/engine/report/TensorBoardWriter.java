package engine.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Writes an {@code events.out.tfevents.*} file that TensorBoard opens: {@code tensorboard --logdir
 * runs}.
 *
 * <p>Every call writes whole records, so that a reader, or a run that was killed, sees all events
 * up to the last call. A resumed run writes a new file beside the old one; see {@link #resume}.
 * Safe for use by several threads.
 */
public final class TensorBoardWriter implements AutoCloseable {
  private static final int HISTOGRAM_BINS = 64;

  private final FileChannel channel;
  private final Path file;

  private TensorBoardWriter(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Starts a new file in {@code folder}, which is made if need be. */
  public static TensorBoardWriter create(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (int i = 0; ; i++) {
      Path file =
          folder.resolve(
              String.format(
                  Locale.ROOT,
                  "events.out.tfevents.%010d.%s.%d.%d",
                  System.currentTimeMillis() / 1000,
                  hostName(),
                  ProcessHandle.current().pid(),
                  i));
      try {
        FileChannel ch =
            FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        TensorBoardWriter writer = new TensorBoardWriter(file, ch);
        writer.write(TensorBoardEvents.fileVersion(now()));
        return writer;
      } catch (FileAlreadyExistsException e) {
        // Another writer started in the same second: take the next number.
      }
    }
  }

  /**
   * Starts a new file for a run that goes on at {@code firstStep}; TensorBoard drops what the
   * interrupted run had logged for that step and later ones.
   */
  public static TensorBoardWriter resume(Path folder, long firstStep) throws IOException {
    TensorBoardWriter writer = create(folder);
    writer.write(TensorBoardEvents.sessionStart(now(), firstStep));
    return writer;
  }

  /** Adds one figure; a slash in {@code tag} groups charts ({@code loss/train}). */
  public void scalar(String tag, long step, double value) throws IOException {
    add(step, List.of(TensorBoardEvents.scalar(tag, value)));
  }

  /** Adds several figures of one step in one event. */
  public void scalars(long step, Map<String, Double> values) throws IOException {
    add(step, TensorBoardEvents.scalars(values));
  }

  /** Adds a picture, stored as PNG. */
  public void image(String tag, long step, BufferedImage image) throws IOException {
    add(
        step,
        List.of(TensorBoardEvents.image(tag, png(image), image.getWidth(), image.getHeight())));
  }

  /** Adds text, shown as Markdown. */
  public void text(String tag, long step, String markdown) throws IOException {
    add(step, List.of(TensorBoardEvents.text(tag, markdown)));
  }

  /** Adds the distribution of {@code values}, such as a layer's weights. */
  public void histogram(String tag, long step, float[] values) throws IOException {
    Histogram h = Histogram.of(values, HISTOGRAM_BINS);
    add(step, List.of(TensorBoardEvents.histogram(tag, h)));
  }

  /** The file being written. */
  public Path file() {
    return file;
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }

  private void add(long step, List<byte[]> values) throws IOException {
    write(TensorBoardEvents.summary(now(), step, values));
  }

  private synchronized void write(byte[] event) throws IOException {
    ByteBuffer record = TfRecord.frame(event);
    while (record.hasRemaining()) {
      channel.write(record);
    }
  }

  static byte[] png(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // Not ImageIO's own stream, which may cache in the temporary folder.
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", out);
    }
    return bytes.toByteArray();
  }

  private static double now() {
    return System.currentTimeMillis() / 1e3;
  }

  /** From the environment or /etc: asking the resolver can take seconds. */
  private static String hostName() {
    String name = System.getenv("HOSTNAME");
    try {
      if (name == null || name.isBlank()) {
        name = Files.readString(Path.of("/etc/hostname"));
      }
    } catch (IOException e) {
      name = "localhost";
    }
    String clean = name.strip().replaceAll("[^A-Za-z0-9-]", "-");
    return clean.isEmpty() ? "localhost" : clean;
  }
}
