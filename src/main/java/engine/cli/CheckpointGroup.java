package engine.cli;

import engine.base.UserError;
import engine.run.RunFolder;
import engine.run.RunGroup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A folder of several runs where a checkpoint is asked for: all of them vote. */
final class CheckpointGroup {
  private CheckpointGroup() {}

  /**
   * Its runs that have a checkpoint.
   *
   * @param ownPictures whether they are judged on what they held out themselves
   * @throws UserError if there is none, or if they are parts of a cross-validation and would be
   *     judged on what the others were trained on
   */
  static List<Path> members(Path root, boolean ownPictures, CommonOptions common)
      throws IOException {
    RunGroup group = RunGroup.read(root);
    List<Path> out = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (String name : group.members().keySet()) {
      Path run = root.resolve(name);
      if (new RunFolder(run).bestOrNull() != null) {
        out.add(run);
      } else {
        without.add(name);
      }
    }
    if (out.isEmpty()) {
      throw new UserError(
          "%s holds no finished checkpoint yet: go on with engine train --resume %s"
              .formatted(root, root));
    }
    if (group.isOfFolds() && ownPictures) {
      throw new UserError(
          "%s is a cross-validation, whose runs were trained on what the others held out: report.html in it has their figures; name other pictures with --data, or judge one run with --checkpoint %s"
              .formatted(root, out.getFirst()));
    }
    common
        .err()
        .println(
            "engine: the runs in %s vote: %s%s"
                .formatted(
                    root,
                    out.stream()
                        .map(p -> p.getFileName().toString())
                        .collect(Collectors.joining(", ")),
                    without.isEmpty()
                        ? ""
                        : "; without a checkpoint yet: " + String.join(", ", without)));
    return out;
  }
}
