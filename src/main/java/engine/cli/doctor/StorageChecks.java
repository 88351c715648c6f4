package engine.cli.doctor;

import engine.base.CacheFolders;
import engine.base.Ownership;
import engine.data.FashionMnist;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Where files go and come from: the working folder, the cache, the data sets. */
final class StorageChecks {
  /** A run of ResNet-50 with its best and last checkpoints: weights and two moments each. */
  private static final long RUN_BYTES = 1L << 30;

  /** The native libraries, unpacked. */
  private static final long CACHE_BYTES = 100_000_000;

  private StorageChecks() {}

  static List<Finding> findings() {
    return List.of(
        disk("this folder", Path.of("").toAbsolutePath()),
        cache(CacheFolders.candidates()),
        fashionMnist(FashionMnist.DEFAULT_FOLDER));
  }

  static Finding disk(String topic, Path folder) {
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      String value = folder + ", " + Amount.bytes(free) + " free";
      if (!Files.isWritable(folder)) {
        return Finding.slow(topic, value + ", not writable", "give --out a folder you may write");
      }
      return free >= RUN_BYTES
          ? Finding.ok(topic, value)
          : Finding.slow(topic, value, "the checkpoints of one run need about 1 GiB");
    } catch (IOException e) {
      return Finding.missing(topic, folder.toString(), "its disk cannot be asked: " + e);
    }
  }

  /** The first folder that holds unpacked libraries, or could. */
  static Finding cache(List<Path> candidates) {
    List<String> refused = new ArrayList<>();
    for (Path folder : candidates) {
      Path existing = folder;
      while (existing != null && !Files.exists(existing)) {
        existing = existing.getParent();
      }
      if (existing == null || !isFilled(folder) && !hasRoom(existing)) {
        continue;
      }
      String doubt = doubt(existing);
      if (doubt == null) {
        String value = folder + ", native libraries are unpacked there once";
        return refused.isEmpty()
            ? Finding.ok("cache", value)
            : Finding.slow(
                "cache",
                value + "; not in " + String.join(", ", refused),
                "what others could change is not loaded: take a folder that only you can write");
      }
      refused.add(folder + " (" + doubt + ")");
    }
    return Finding.missing(
        "cache",
        "none of %s can be used%s"
            .formatted(candidates, refused.isEmpty() ? "" : ": not " + String.join(", ", refused)),
        "set ENGINE_CACHE to a folder of yours with 100 MB of room");
  }

  private static String doubt(Path existing) {
    try {
      return Ownership.doubtInside(existing);
    } catch (IOException e) {
      return "it cannot be looked at";
    }
  }

  private static boolean isFilled(Path cache) {
    try (Stream<Path> entries = Files.list(cache)) {
      return entries.anyMatch(e -> e.getFileName().toString().startsWith("lib"));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean hasRoom(Path folder) {
    try {
      return Files.isDirectory(folder)
          && Files.isWritable(folder)
          && Files.getFileStore(folder).getUsableSpace() >= CACHE_BYTES;
    } catch (IOException e) {
      return false;
    }
  }

  static Finding fashionMnist(Path folder) {
    return Files.isDirectory(folder)
        ? Finding.ok("Fashion-MNIST", folder.toString())
        : Finding.missing(
            "Fashion-MNIST",
            "not in " + folder,
            "Debian, Ubuntu: apt install dataset-fashion-mnist; or --data fashion-mnist:DIR");
  }
}
