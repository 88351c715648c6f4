package engine.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a run has made in its folder of checkpoints, whole or not; whatever else is there is none of
 * its business.
 */
record OwnCheckpoints(Path checkpoints) {
  private static final Pattern NAME =
      Pattern.compile("epoch-\\d{4,}(-batch-\\d{6,})?|\\.epoch-[-a-z\\d]+\\.part");

  /** What is named as a run names its checkpoints. */
  List<Path> named() throws IOException {
    return list(checkpoints).stream()
        .filter(p -> NAME.matcher(p.getFileName().toString()).matches())
        .toList();
  }

  /** Of those the folders. */
  List<Path> folders() throws IOException {
    return named().stream().filter(p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS)).toList();
  }

  /** The checkpoint that is furthest of those with all their files as they were saved, or null. */
  Path newestWhole(Path except) throws IOException {
    Map<Path, TrainingState> states = new HashMap<>();
    for (Path p : folders()) {
      boolean half = p.getFileName().toString().startsWith(".");
      TrainingState s = half || p.equals(except) ? null : Checkpoint.stateOf(p);
      if (s != null) {
        states.put(p, s);
      }
    }
    List<Path> newestFirst =
        states.keySet().stream()
            .sorted(
                Comparator.comparingInt((Path p) -> states.get(p).epoch())
                    .thenComparingInt(p -> states.get(p).batchInEpoch())
                    .reversed())
            .toList();
    for (Path p : newestFirst) {
      if (Checkpoint.isWhole(p)) {
        return p;
      }
    }
    return null;
  }

  /** What is in a folder; nothing where there is none. */
  static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> s = Files.list(folder)) {
      return s.toList();
    }
  }
}
