package engine.run;

import engine.base.CacheFolders;
import engine.base.UserError;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.Limited;
import engine.data.PictureCache;
import engine.data.StratifiedSplit;
import engine.data.Subset;
import engine.data.image.PixelImage;
import engine.model.Attention;
import engine.model.EfficientNetConfig;
import engine.model.NetworkConfig;
import engine.model.ResNetConfig;
import engine.picture.Normalization;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * From a recipe to what a run is made of: defaults by data, the data itself, the model's
 * description.
 */
public final class RunSetup {
  private static final String EFFICIENTNET = "efficientnet_b";

  private static final Normalization FASHION =
      new Normalization(new float[] {0.2860f}, new float[] {0.3530f});
  private static final Normalization CIFAR =
      new Normalization(
          new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2470f, 0.2435f, 0.2616f});

  private RunSetup() {}

  /** What a recipe holds where the user said nothing. */
  public record Defaults(
      double width,
      int imageSize,
      int epochs,
      int batch,
      double lr,
      String augment,
      double jitter) {
    /**
     * @param data what {@code --data} named
     */
    public static Defaults of(String data) {
      return switch (kind(data)) {
        case "demo" -> new Defaults(0.25, 96, 30, 32, 1e-3, "crop", 0.2);
        case "fashion-mnist", "cifar10" -> new Defaults(1, 32, 10, 128, 3e-4, "pad", 0);
        default -> new Defaults(1, 224, 10, 64, 3e-4, "crop", 0.2);
      };
    }
  }

  private static String kind(String data) {
    return data.contains(":") ? data.substring(0, data.indexOf(':')) : data;
  }

  /** Threads that decode, at low priority: one a core. */
  public static int workers() {
    return Math.min(16, Runtime.getRuntime().availableProcessors());
  }

  /** What {@code --data} named, with a folder by its absolute path: a run goes on from anywhere. */
  public static String absolute(String data) {
    String kind = kind(data);
    String folder =
        Datasets.isFolder(data) ? data : data.substring(Math.min(data.length(), kind.length() + 1));
    if (folder.isEmpty() || kind.equals("demo")) {
      return data;
    }
    try {
      String absolute = Path.of(folder).toAbsolutePath().normalize().toString();
      return Datasets.isFolder(data) ? absolute : kind + ":" + absolute;
    } catch (InvalidPathException e) {
      throw new UserError("'" + data + "' is not a folder name: check --data", e);
    }
  }

  /** Opens the recipe's data; warnings go to {@code say}. */
  public static Datasets.Split open(Recipe r, Consumer<String> say) {
    return open(r, null, say);
  }

  /**
   * The same, on the sides that a run knows where the folder is that of the run, whatever has
   * become of it since.
   *
   * @param run folder of the run, which may have a list of its pictures, or null
   * @throws UserError also if none of what the run held out is left
   */
  public static Datasets.Split openAsIn(Path run, Recipe r, Consumer<String> say)
      throws IOException {
    PictureList list = run == null ? null : PictureList.read(run);
    return open(r, list == null ? null : new HeldOut(list), say);
  }

  private static Datasets.Split open(Recipe r, HeldOut sides, Consumer<String> say) {
    Datasets.Split all =
        Datasets.open(
            r.data().source(), CacheFolders::writable, r.compute().seed(), r.data().valFraction());
    all.warnings().forEach(w -> say.accept("warning: " + w));
    if (sides != null
        && Datasets.isFolder(r.data().source())
        && sides.isOf(r.data().source(), all)) {
      all = sides.split(all, r.data().source(), say);
    }
    Dataset pictures = all.train();
    if (r.data().cacheImages() > 0 && !isPacked(r.data().source())) {
      Path folder = CacheFolders.writable().resolve("pictures");
      pictures =
          new PictureCache(
              pictures, folder, r.data().cacheImages(), why -> say.accept("warning: " + why));
    }
    Dataset train = limit(pictures, r.data().limitTrain(), r.compute().seed());
    Dataset val = limit(all.val(), r.data().limitVal(), r.compute().seed());
    String description = all.description();
    if (train != pictures || val != all.val()) {
      description += ", limited to %,d and %,d".formatted(train.size(), val.size());
    }
    return new Datasets.Split(train, val, description, all.warnings());
  }

  /** A stratified part of a dataset, the same for the same seed. */
  private static Dataset limit(Dataset d, int limit, long seed) {
    if (limit == 0 || limit >= d.size()) {
      return d;
    }
    int classes = d.classNames().size();
    if (limit <= classes) {
      return new Limited(
          new Subset(
              d, IntStream.range(0, limit).map(i -> (int) ((long) i * d.size() / limit)).toArray()),
          d);
    }
    StratifiedSplit s = StratifiedSplit.of(d.labels(), classes, (double) limit / d.size(), seed);
    return new Limited(new Subset(d, s.val()), d);
  }

  /** The model that the recipe trains on this data. */
  public static ModelInfo info(Recipe r, Datasets.Split data) {
    boolean small = !kind(r.data().source()).equals("demo") && isPacked(r.data().source());
    return info(r, data.train().classNames(), small ? side(data) : 0);
  }

  /**
   * The model that the recipe trains on data with these classes.
   *
   * @param side of the pictures if all have one small size, else 0
   */
  public static ModelInfo info(Recipe r, List<String> classes, int side) {
    Normalization norm =
        switch (kind(r.data().source())) {
          case "fashion-mnist" -> FASHION;
          case "cifar10" -> CIFAR;
          default -> Normalization.IMAGENET;
        };
    NetworkConfig network = network(r, norm.channels(), classes.size());
    return new ModelInfo(network, classes, Augmentation.evaluation(r, norm, side));
  }

  private static NetworkConfig network(Recipe r, int channels, int classes) {
    if (r.model().name().startsWith(EFFICIENTNET)) {
      return new EfficientNetConfig(
          Integer.parseInt(r.model().name().substring(EFFICIENTNET.length())),
          r.model().width(),
          channels,
          classes,
          r.model().dropout(),
          EfficientNetConfig.STOCHASTIC_DEPTH);
    }
    return new ResNetConfig(
        Integer.parseInt(r.model().name().substring("resnet".length())),
        Math.max(1, (int) Math.round(64 * r.model().width())),
        channels,
        classes,
        ResNetConfig.Stem.valueOf(r.model().stem().toUpperCase(Locale.ROOT)),
        r.model().dropout(),
        r.model().zeroInitResidual(),
        Attention.valueOf(r.model().attention().toUpperCase(Locale.ROOT).replace('-', '_')));
  }

  private static boolean isPacked(String data) {
    return kind(data).equals("fashion-mnist") || kind(data).equals("cifar10");
  }

  private static int side(Datasets.Split data) {
    try {
      PixelImage first = data.train().load(0);
      return Math.max(first.width(), first.height());
    } catch (IOException e) {
      throw new UserError("the first picture cannot be read: " + e.getMessage(), e);
    }
  }
}
