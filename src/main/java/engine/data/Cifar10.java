package engine.data;

import engine.base.UserError;
import engine.picture.Normalization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * CIFAR-10 (Krizhevsky, 2009) in its binary version: 32x32 colour pictures of ten classes in {@code
 * data_batch_1.bin} to {@code data_batch_5.bin} and {@code test_batch.bin}. A record is one label
 * byte, then 1,024 red, green and blue bytes.
 */
public final class Cifar10 {
  static final DataSource SOURCE =
      new DataSource(
          "cifar10",
          "cifar10:DIR",
          true,
          DataSource.Defaults.SMALL,
          new Normalization(
              new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2470f, 0.2435f, 0.2616f}),
          r -> open(r.place()));

  private static final int SIDE = 32;
  private static final int PLANE = SIDE * SIDE;
  private static final int RECORD = 1 + 3 * PLANE;
  private static final String INNER_FOLDER = "cifar-10-batches-bin";

  private static final List<String> CLASSES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private Cifar10() {}

  private static Datasets.Split open(String place) {
    if (place.isEmpty()) {
      throw new UserError("say where CIFAR-10 is: cifar10:DIR");
    }
    Path folder = Path.of(place);
    return Datasets.Split.of("CIFAR-10", train(folder), test(folder), List.of());
  }

  /** The training pictures of all five batches. */
  public static Dataset train(Path folder) {
    return read(
        folder,
        IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList(),
        "CIFAR-10 train");
  }

  public static Dataset test(Path folder) {
    return read(folder, List.of("test_batch.bin"), "CIFAR-10 test");
  }

  private static Dataset read(Path folder, List<String> names, String source) {
    Path inner = folder.resolve(INNER_FOLDER);
    Path base = Files.isDirectory(inner) ? inner : folder;
    List<byte[]> files = names.stream().map(name -> records(base, name)).toList();
    int count = files.stream().mapToInt(f -> f.length / RECORD).sum();
    byte[] labels = new byte[count];
    byte[] pixels = new byte[count * 3 * PLANE];
    int n = 0;
    for (byte[] file : files) {
      for (int at = 0; at < file.length; at += RECORD, n++) {
        labels[n] = file[at];
        interleave(file, at + 1, pixels, n * 3 * PLANE);
      }
    }
    return new PackedImages(source, CLASSES, SIDE, SIDE, 3, pixels, labels);
  }

  /** Planes (C, H, W) to interleaved pixels (H, W, C). */
  private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
    for (int c = 0; c < 3; c++) {
      for (int p = 0; p < PLANE; p++) {
        pixels[to + 3 * p + c] = planes[from + c * PLANE + p];
      }
    }
  }

  private static byte[] records(Path folder, String name) {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      boolean python = Files.exists(folder.resolve(name.replace(".bin", "")));
      throw new UserError(
          "no %s in %s: %s"
              .formatted(
                  name,
                  folder,
                  python
                      ? "this is CIFAR-10's Python version; download the binary version"
                          + " (cifar-10-binary.tar.gz)"
                      : "name the folder that has CIFAR-10's binary version, as cifar10:DIR"));
    }
    try {
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length == 0 || bytes.length % RECORD != 0) {
        throw new UserError(
            "%s is not whole: %d bytes are no multiple of CIFAR-10's record of %d; download it again"
                .formatted(file, bytes.length, RECORD));
      }
      return bytes;
    } catch (IOException e) {
      throw new UserError("cannot read " + file + ": " + ReadFailure.of(e), e);
    }
  }
}
