package engine.cli;

import engine.infer.Views;
import picocli.CommandLine.Option;

/** Test-time augmentation of commands that answer. */
final class TtaOption {
  @Option(
      names = "--tta",
      paramLabel = "VIEWS",
      defaultValue = "none",
      description =
          "Average the answers over views of a picture: none, flip, five (crops) or ten (default none).")
  private Views views;

  Views views() {
    return views;
  }
}
