package engine.cli;

import engine.base.UserError;
import engine.console.Units;
import engine.infer.Ensemble;
import engine.infer.EvalData;
import engine.infer.Vote;
import engine.recipe.Precision;
import engine.run.ModelFile;
import engine.run.RunGroup;
import engine.train.MemoryNeed;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which trained models answer, and how. */
final class CheckpointOptions {
  @Option(
      names = "--checkpoint",
      paramLabel = "PATH",
      description =
          "A run folder (its best checkpoint), a checkpoint folder, a model.safetensors, int8 ones too, or weights of torchvision or timm (.pth, .safetensors); given several times, they vote.")
  private List<Path> checkpoints = new ArrayList<>();

  @Mixin private ModelFileOptions file;
  @Mixin private VoteOptions votes;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "32",
      description = "Pictures a step (default 32).")
  private int batch;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp32",
      description =
          "fp32, tf32, amp (the half precision that suits the device), bf16 or fp16 (default fp32).")
  private String precision;

  /** With what {@code --weights} names; null before it was looked for. */
  private List<Path> paths;

  /** Says what is wrong with them before any work is done. */
  void check(CommonOptions common) {
    file.check(common);
    if (count() == 0) {
      throw common.wrong(
          "--checkpoint=PATH is missing: name a trained model, such as runs/NAME, or published weights with --model NAME --weights imagenet");
    }
    common.check(
        () -> {
          Precision.check(precision);
          if (batch < 1 || batch > 1 << 16) {
            throw new UserError("--batch must be between 1 and 65536, not " + batch);
          }
        });
  }

  /**
   * Puts the runs of a folder of several in its place: they vote, which is said.
   *
   * @param ownPictures whether they are judged on what they held out themselves
   * @throws UserError if none has a checkpoint yet, or if they are parts of a cross-validation and
   *     would be judged on what the others were trained on
   */
  void openGroups(boolean ownPictures, CommonOptions common) throws IOException {
    List<Path> all = new ArrayList<>();
    for (Path p : checkpoints) {
      if (RunGroup.isIn(p)) {
        all.addAll(CheckpointGroup.members(p, ownPictures, common));
      } else {
        all.add(p);
      }
    }
    checkpoints = all;
  }

  /** How many there are to vote. */
  private int count() {
    return checkpoints.size() + file.named();
  }

  /**
   * Where they are, one or more; published weights are fetched unless they are here.
   *
   * @throws UserError if none are known by that name, or they cannot be fetched
   */
  List<Path> paths() {
    if (paths == null) {
      paths = Stream.concat(checkpoints.stream(), file.paths().stream()).toList();
    }
    return paths;
  }

  /** For a command line that does the same again. */
  String asOptions() {
    return paths().stream().map(p -> "--checkpoint " + p).collect(Collectors.joining(" "))
        + file.asOptions();
  }

  /** What the user says of the files, for a mark that tells answers of others from these. */
  String said() {
    return file.asOptions().strip();
  }

  /**
   * Reads the files; what was told of those that other programs wrote is said.
   *
   * @throws UserError if one holds no network that is known here
   */
  List<ModelFile> read(CommonOptions common) throws IOException {
    return read(common, null);
  }

  /**
   * The same; a file that names no classes has those of the data.
   *
   * @param data as {@code --data} names it, or null
   */
  List<ModelFile> read(CommonOptions common, String data) throws IOException {
    ModelFile.Said said = file.said();
    Consumer<String> say = n -> common.err().println("engine: " + n);
    List<ModelFile> files = new ArrayList<>();
    for (Path p : paths()) {
      ModelFile f = ModelFile.read(p, said);
      f.notes().forEach(say);
      files.add(data == null || f.namesClasses() ? f : EvalData.named(f, data, say));
    }
    return files;
  }

  Vote vote(CommonOptions common) {
    return votes.of(count(), common);
  }

  /** Pictures a step: as many as were asked for, or as fit into memory, which is said then. */
  int fitting(Ensemble models, CommonOptions common) {
    int fits = MemoryNeed.fitting(models, batch);
    if (fits < batch) {
      common
          .err()
          .println(
              "engine: --batch %,d takes more memory than there is: %s answered at a time"
                  .formatted(
                      batch, fits == 1 ? "1 picture is" : Units.count(fits, "picture") + " are"));
    }
    return fits;
  }

  /** As it was asked for. */
  String precision() {
    return precision;
  }
}
