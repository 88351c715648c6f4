package engine.cli;

import engine.base.Suggestion;
import engine.model.Models;
import engine.run.ClassNames;
import engine.run.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What a user says of a file with a network that does not say it itself. */
final class ModelFileOptions {
  @Option(
      names = "--model",
      paramLabel = "NAME",
      completionCandidates = ModelTitles.class,
      description =
          "Of weights from elsewhere whose names and shapes leave it open: ${COMPLETION-CANDIDATES} (default: as the file tells).")
  private String model;

  @Option(
      names = "--weights",
      paramLabel = "NAME",
      description =
          "In place of --checkpoint: imagenet for the published weights of --model, a name of engine weights list (fetched once), or a file.")
  private List<String> weights = new ArrayList<>();

  @Option(
      names = "--classes",
      paramLabel = "FILE",
      description =
          "Names of the classes in the order of the outputs: a line each, a JSON list or a JSON map with numbers (default: the file's own; else of 1,000 or 1,001 ImageNet's, or numbers).")
  private Path classes;

  @Option(
      names = "--state-dict",
      paramLabel = "KEY",
      description =
          "Which of a file's sets of weights, such as model or model_ema (default: the moving average where there is one).")
  private String stateDict;

  /** How many {@code --weights} there are. */
  int named() {
    return weights.size();
  }

  /** Where those are; of the catalogue they are fetched unless they are here. */
  List<Path> paths() {
    return weights.stream().map(w -> new NamedWeights(w, model).path()).toList();
  }

  /**
   * The one file that a command takes.
   *
   * @param checkpoint what {@code --checkpoint} names, or null
   */
  Path one(Path checkpoint, CommonOptions common) {
    requireOne(checkpoint, common);
    return checkpoint != null ? checkpoint : paths().getFirst();
  }

  /** Says so where there is none, or more. */
  void requireOne(Path checkpoint, CommonOptions common) {
    if ((checkpoint == null ? 0 : 1) + weights.size() != 1) {
      throw common.wrong(
          checkpoint == null && weights.isEmpty()
              ? "--checkpoint=PATH is missing: name the trained model, such as runs/NAME, or published weights with --weights"
              : "one network is taken: give one --checkpoint or one --weights");
    }
  }

  /** As it is needed to read a file. */
  ModelFile.Said said() throws IOException {
    List<String> names = classes == null ? null : ClassNames.read(classes);
    return new ModelFile.Said(model, names, stateDict);
  }

  /** Says what is wrong with them before any work is done. */
  void check(CommonOptions common) {
    if (model != null && !Models.names().contains(model)) {
      throw common.wrong(
          "there is no model '%s': use one of %s%s"
              .formatted(
                  model,
                  String.join(", ", Models.names()),
                  Suggestion.hint(model, Models.names())));
    }
  }

  /** For a command line that does the same again, with a space before it; empty for none. */
  String asOptions() {
    return Stream.of(
            model == null ? "" : " --model " + model,
            classes == null ? "" : " --classes " + classes,
            stateDict == null ? "" : " --state-dict " + stateDict)
        .reduce("", String::concat);
  }
}
