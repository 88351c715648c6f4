package engine.cli;

import engine.console.Units;
import engine.data.DataSource;
import engine.model.NetworkOptions;
import engine.run.StartingPoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a run takes of the weights that it starts from, and what not since it was typed. */
record StartingNotes(Path weights, StartingPoint start, DataSource.Defaults usual) {
  /** What was typed; null for what was not. */
  record Typed(String model, Double width, String stem, String attention, Integer imageSize) {}

  List<String> of(Typed typed) {
    NetworkOptions o = start.network().options();
    List<String> taken = new ArrayList<>();
    List<String> out = new ArrayList<>();
    String name = start.network().name();
    compare("--model", typed.model(), name, name.equals("resnet50") ? null : name, taken, out);
    String width = Units.compact(o.width());
    compare(
        "--width",
        typed.width() == null ? null : Units.compact(typed.width()),
        width,
        o.width() == usual.width() ? null : "width " + width,
        taken,
        out);
    compare(
        "--stem",
        typed.stem(),
        o.stem(),
        o.stem().equals("standard") ? null : o.stem() + " stem",
        taken,
        out);
    compare(
        "--attention",
        typed.attention(),
        o.attention(),
        o.attention().equals("none") ? null : "attention " + o.attention(),
        taken,
        out);
    if (start.imageSize() > 0) {
      String size = Integer.toString(start.imageSize());
      compare(
          "--image-size",
          typed.imageSize() == null ? null : typed.imageSize().toString(),
          size,
          start.imageSize() == usual.imageSize() ? null : size + "x" + size + " pixels",
          taken,
          out);
    }
    if (!taken.isEmpty()) {
      out.addFirst("as in %s: %s".formatted(weights, String.join(", ", taken)));
    }
    return out;
  }

  /**
   * @param unusual what is said of it where it is taken and not what it would be anyway; or null
   */
  private void compare(
      String option,
      String typed,
      String there,
      String unusual,
      List<String> taken,
      List<String> out) {
    if (typed != null && !typed.equals(there)) {
      out.add("%s %s is taken, and %s has %s".formatted(option, typed, weights, there));
    } else if (typed == null && unusual != null) {
      taken.add(unusual);
    }
  }
}
