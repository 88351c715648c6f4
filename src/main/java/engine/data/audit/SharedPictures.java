package engine.data.audit;

import engine.data.Dataset;
import engine.data.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Validation pictures whose files are those of training pictures, byte for byte: what can be told
 * before a training without decoding. Only files of one size are read, and of most the first
 * kilobytes alone; {@link DataAudit} finds pictures that are merely alike, too.
 *
 * @param files names of the validation pictures
 */
public record SharedPictures(List<String> files) {
  /** Files of one size on the other side that are compared with a picture at most. */
  private static final int MOST_ALIKE = 64;

  /**
   * @param split of files; pictures that are none are passed over
   */
  public static SharedPictures of(Datasets.Split split) {
    long[] train = sizes(split.train());
    long[] val = sizes(split.val());
    Map<Long, List<Integer>> bySize = new HashMap<>();
    for (long size : val) {
      bySize.putIfAbsent(size, new ArrayList<>());
    }
    for (int i = 0; i < train.length; i++) {
      List<Integer> alike = train[i] > 0 ? bySize.get(train[i]) : null;
      if (alike != null && alike.size() < MOST_ALIKE) {
        alike.add(i);
      }
    }
    List<String> shared =
        IntStream.range(0, val.length)
            .parallel()
            .filter(i -> val[i] > 0)
            .filter(
                i ->
                    bySize.get(val[i]).stream()
                        .anyMatch(t -> same(split.val().name(i), split.train().name(t))))
            .mapToObj(i -> split.val().name(i))
            .toList();
    return new SharedPictures(shared);
  }

  private static long[] sizes(Dataset d) {
    return IntStream.range(0, d.size()).parallel().mapToLong(i -> size(d.name(i))).toArray();
  }

  private static long size(String file) {
    try {
      return Files.size(Path.of(file));
    } catch (IOException | InvalidPathException e) {
      return 0;
    }
  }

  private static boolean same(String a, String b) {
    try {
      return Files.mismatch(Path.of(a), Path.of(b)) < 0;
    } catch (IOException e) {
      return false; // said when it is read as a picture
    }
  }
}
