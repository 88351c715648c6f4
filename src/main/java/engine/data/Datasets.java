package engine.data;

import engine.base.UserError;
import engine.data.demo.DemoDataset;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Opens what {@code --data} names. */
public final class Datasets {
  private static final Set<String> KINDS = Set.of("demo", "fashion-mnist", "cifar10");

  private Datasets() {}

  /**
   * The two sides of a data source.
   *
   * @param description one line for the user: what it is and how many pictures each side has
   * @param warnings sentences the user should see
   */
  public record Split(Dataset train, Dataset val, String description, List<String> warnings) {
    /**
     * The same with the classes, and so the labels, of a model; null if they are others. Their
     * order and the Unicode form of their names may differ.
     */
    public Split withClasses(List<String> classes) {
      Dataset t = Relabelled.of(train, classes);
      Dataset v = Relabelled.of(val, classes);
      return t == null || v == null ? null : new Split(t, v, description, warnings);
    }
  }

  /** Whether {@code spec} names a folder of pictures, not one of the sets known by name. */
  public static boolean isFolder(String spec) {
    return !KINDS.contains(kind(spec));
  }

  private static String kind(String spec) {
    return spec.contains(":") ? spec.substring(0, spec.indexOf(':')) : spec;
  }

  /**
   * Opens a data source.
   *
   * <ul>
   *   <li>{@code demo} or {@code demo:N}: the generated set, with N training pictures a class; made
   *       on first use
   *   <li>{@code fashion-mnist} or {@code fashion-mnist:DIR}; its test files are the validation
   *       side
   *   <li>{@code cifar10:DIR}; likewise
   *   <li>a folder with {@code train} and {@code val} (or names like these, see {@link SplitSides})
   *       of class folders, or with class folders only, of which a stratified share is held out
   * </ul>
   *
   * @param cache folder that generated data may live in, asked for only where it is needed
   * @param seed chooses the held-out pictures
   * @param valFraction share of pictures to hold out where the source has no validation side
   * @throws UserError in one sentence if the source cannot be used
   */
  public static Split open(String spec, Supplier<Path> cache, long seed, double valFraction) {
    return open(spec, cache, seed, valFraction, (_, _) -> {});
  }

  /**
   * The same; {@code progress} is told of pictures drawn, when the demo set has to be made first.
   */
  public static Split open(
      String spec,
      Supplier<Path> cache,
      long seed,
      double valFraction,
      DemoDataset.Progress progress) {
    String kind = kind(spec);
    String rest = spec.length() > kind.length() ? spec.substring(kind.length() + 1) : "";
    try {
      return switch (kind) {
        case "demo" -> demo(rest, cache.get(), seed, valFraction, progress);
        case "fashion-mnist" -> {
          Path folder = rest.isEmpty() ? FashionMnist.DEFAULT_FOLDER : Path.of(rest);
          yield split(
              "Fashion-MNIST", FashionMnist.train(folder), FashionMnist.test(folder), List.of());
        }
        case "cifar10" -> {
          if (rest.isEmpty()) {
            throw new UserError("say where CIFAR-10 is: --data cifar10:DIR");
          }
          Path folder = Path.of(rest);
          yield split("CIFAR-10", Cifar10.train(folder), Cifar10.test(folder), List.of());
        }
        default -> folder(Path.of(spec), seed, valFraction, true);
      };
    } catch (InvalidPathException e) {
      throw new UserError("'" + spec + "' is not a folder name: check --data", e);
    }
  }

  /**
   * Opens a folder of pictures; {@code applyExif} turns them upright as their EXIF orientation
   * says.
   */
  public static Split folder(Path root, long seed, double valFraction, boolean applyExif) {
    SplitSides sides = SplitSides.of(root);
    if (sides != null && sides.train() == null) {
      throw new UserError(
          "%s has %s but no train folder: add train/ with one subfolder of pictures per class"
              .formatted(root, last(sides.val())));
    }
    ImageFolder training = ImageFolder.open(sides == null ? root : sides.train(), applyExif);
    List<String> warnings = new ArrayList<>(sides == null ? List.of() : sides.warnings());
    warnings.addAll(training.warnings());
    if (sides == null || sides.val() == null) {
      return heldOut(root, training, warnings, seed, valFraction);
    }
    ImageFolder held = ImageFolder.open(sides.val(), training.classNames(), applyExif);
    warnings.addAll(held.warnings());
    String what = "%s, %s and %s".formatted(root, last(sides.train()), last(sides.val()));
    if (sides.test() != null) {
      what += " (%s is left for eval --data %s)".formatted(last(sides.test()), sides.test());
    }
    return split(what, training, held, warnings);
  }

  /**
   * The folder of classes to evaluate a known model on: {@code folder} itself or, where it has only
   * sides to validate on, that side; null if it has one to train on, and so must be split.
   */
  public static Path toEvaluate(Path folder) {
    SplitSides sides = SplitSides.of(folder);
    return sides == null ? folder : sides.train() == null ? sides.val() : null;
  }

  private static Path last(Path folder) {
    return folder.getFileName();
  }

  private static Split heldOut(
      Path root, ImageFolder all, List<String> found, long seed, double valFraction) {
    StratifiedSplit parts =
        StratifiedSplit.of(all.labels(), all.classNames().size(), valFraction, seed);
    if (parts.val().length == 0) {
      throw new UserError(
          "every class of %s has a single picture, so none can be held out: add pictures, or a val folder"
              .formatted(root));
    }
    List<String> warnings = new ArrayList<>(found);
    if (!parts.trainOnly().isEmpty()) {
      String names =
          parts.trainOnly().stream().map(all.classNames()::get).collect(Collectors.joining(", "));
      warnings.add(
          "only one picture of %s: it is trained on, and validation says nothing about it"
              .formatted(names));
    }
    return split(
        "%s, %.0f%% of each class held out".formatted(root, 100 * valFraction),
        new Subset(all, parts.train()),
        new Subset(all, parts.val()),
        warnings);
  }

  private static Split demo(
      String rest, Path cache, long seed, double valFraction, DemoDataset.Progress progress) {
    int perClass = DemoDataset.DEFAULT_PER_CLASS;
    if (!rest.isEmpty()) {
      if (!rest.matches("[1-9][0-9]{0,4}")) {
        throw new UserError(
            "'%s' is not a number of pictures a class: write demo, or for example demo:20"
                .formatted(rest));
      }
      perClass = Integer.parseInt(rest);
    }
    Path folder = cache.resolve("demo-" + perClass);
    // The pictures do not depend on the run's seed: two runs with different seeds compare on one
    // set.
    DemoDataset.generate(
        folder, perClass, DemoDataset.DEFAULT_SIZE, DemoDataset.DEFAULT_SEED, progress);
    Split split = folder(folder, seed, valFraction, true);
    return split(
        "synthetic demo pictures in " + folder, split.train(), split.val(), split.warnings());
  }

  private static Split split(String what, Dataset train, Dataset val, List<String> warnings) {
    List<String> all = new ArrayList<>(warnings);
    ClassBalance.of(train).warning().ifPresent(all::add);
    String description =
        "%s: %d classes, %,d pictures to train on, %,d to validate"
            .formatted(what, train.classNames().size(), train.size(), val.size());
    return new Split(train, val, description, List.copyOf(all));
  }
}
