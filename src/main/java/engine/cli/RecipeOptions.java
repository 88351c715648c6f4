package engine.cli;

import engine.base.UserError;
import engine.data.DataSource;
import engine.data.Datasets;
import engine.model.NetworkOptions;
import engine.recipe.AugmentSettings;
import engine.recipe.Budget;
import engine.recipe.ComputeSettings;
import engine.recipe.LossSettings;
import engine.recipe.ModelSettings;
import engine.recipe.Recipe;
import engine.recipe.RunLength;
import engine.recipe.ScheduleSettings;
import engine.run.RunSetup;
import engine.run.StartingPoint;
import engine.weights.Catalogue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options that make a recipe. What is not given depends on the data: see {@link
 * DataSource.Defaults}.
 */
final class RecipeOptions {
  @Option(
      names = "--data",
      required = false,
      paramLabel = "DATA",
      completionCandidates = DataUsages.class,
      description = "A folder with one subfolder of pictures a class, or ${COMPLETION-CANDIDATES}.")
  private String data;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      completionCandidates = ModelTitles.class,
      description = "${COMPLETION-CANDIDATES} (default resnet50, or what --weights has).")
  private String model;

  @Option(
      names = "--width",
      paramLabel = "F",
      description = "Factor on the channels of every layer (default 1; demo 0.25).")
  private Double width;

  @Option(
      names = "--stem",
      paramLabel = "NAME",
      description = "standard, or small (3x3, no pooling) for small pictures (default standard).")
  private String stem;

  @Option(
      names = "--attention",
      paramLabel = "NAME",
      description =
          "In every block of a ResNet: none, cbam, or cbam-paper as its authors wrote it (default none).")
  private String attention;

  @Option(
      names = "--weights",
      paramLabel = "FILE",
      description =
          "Start from these weights: imagenet for the published ones of --model, a name of engine weights list, a run folder, a .safetensors or a .pth of torchvision or timm (FILE#KEY for one of its sets of weights); another number of classes is fine. Model, width, stem, image size and preprocessing are theirs unless they are given.")
  private Path weights;

  @Option(
      names = "--pretrained",
      paramLabel = "NAME",
      description = "Start from weights of the catalogue, see engine weights list; fetched once.")
  private String pretrained;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training pictures (default 10; demo 30).")
  private Integer epochs;

  @Option(
      names = "--extended",
      split = ",",
      paramLabel = "EPOCH",
      description =
          "Lengths of the run before --resume with more --epochs, as its config.json has them: from each on, added epochs have a schedule of their own.")
  private List<Integer> extended = new ArrayList<>();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Pictures a step (default 64; demo 32).")
  private Integer batch;

  @Option(
      names = "--accumulate",
      paramLabel = "N",
      description = "Batches whose gradients are averaged before a step (default 1).")
  private int accumulate = 1;

  @Option(
      names = "--scheduler",
      paramLabel = "NAME",
      completionCandidates = Schedulers.class,
      description =
          "${COMPLETION-CANDIDATES}; with settings such as step:step_size=3,gamma=0.1 (default cosine).")
  private String scheduler = "cosine";

  @Option(
      names = "--t-max",
      paramLabel = "N",
      description =
          "Half period of cosine, in epochs: the rate is least then, and rises again after it (default: --epochs).")
  private Integer tMax;

  @Option(
      names = "--label-smoothing",
      paramLabel = "X",
      description = "Label smoothing (default 0.1).")
  private double labelSmoothing = 0.1;

  @Option(
      names = "--smoothing-mode",
      paramLabel = "NAME",
      description =
          "uniform: X/K on every class; others: X/(K-1) on the others, by KL divergence (default uniform).")
  private String smoothingMode = "uniform";

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description = "Dropout before the classifier (default 0.3).")
  private double dropout = 0.3;

  @Option(names = "--zero-init-residual", description = "Start every residual branch at zero.")
  private boolean zeroInitResidual;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description = "Stop after N epochs without a better accuracy (default 0: never).")
  private int patience;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      description =
          "Side of the pictures as the network sees them (default 224; demo 96; fashion-mnist and cifar10 32).")
  private Integer imageSize;

  @Option(
      names = "--eval-size",
      paramLabel = "N",
      description = "Another side for the pictures of evaluations (default 0: that of training).")
  private int evalSize;

  @Option(
      names = "--augment",
      paramLabel = "NAME",
      description =
          "crop (random-resized crop, flip, jitter), pad (padded crop, flip) or none (default crop; small pictures pad).")
  private String augment;

  @Option(
      names = "--jitter",
      paramLabel = "X",
      description = "Brightness and contrast jitter (default 0.2; small pictures 0).")
  private Double jitter;

  @Option(
      names = "--preprocessing",
      paramLabel = "SETTINGS",
      description =
          "How pictures are prepared beyond their size, such as mean=0.5:0.5:0.5,std=0.5:0.5:0.5,interpolation=bicubic,crop_pct=0.95 (default: as the data has it, or what --weights has).")
  private String preprocessing;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      description =
          "fp32; tf32: fp32 whose products round their operands on tensor cores; amp: the half precision that suits the device, where it is safe; bf16 or fp16: that one, fast or not (default fp32).")
  private String precision = "fp32";

  @Mixin private BudgetOptions budget = new BudgetOptions();
  @Mixin private DataOptions pictures = new DataOptions();
  @Mixin private OptimizerOptions optimizer = new OptimizerOptions();
  @Mixin private FineTuningOptions fineTuning = new FineTuningOptions();
  @Mixin private RegularizationOptions regularization = new RegularizationOptions();
  @Mixin private BalanceOptions balance = new BalanceOptions();
  @Mixin private LossScaleOptions lossScale = new LossScaleOptions();

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description =
          "Options that go together: reference (80 epochs, as the reference project), fast, fine-tune (the default where there are weights), or none; others given here win.")
  private String recipe;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Options from a YAML or JSON file, such as a run's config.json; others given here win.")
  @SuppressWarnings("UnusedVariable") // likewise
  private Path config;

  /** What {@code --weights} says; null for nothing, and before there is a recipe. */
  private StartingPoint start;

  /** As picocli fills them. */
  RecipeOptions() {}

  /** As the options of a command that looks at one model give them, in place of picocli. */
  RecipeOptions(String data, String model, double width, int imageSize, int batch) {
    this.data = data;
    this.model = model;
    this.width = width;
    this.imageSize = imageSize;
    this.batch = batch;
  }

  /** With the stem and the attention of another network. */
  void likeIn(NetworkOptions network) {
    stem = network.stem();
    attention = network.attention();
  }

  /** The kind of data, for the name of the run folder. */
  String dataName() {
    String d = data == null ? "run" : data;
    String kind = Datasets.isOwn(d) ? d : Datasets.source(d).name();
    Path name = Path.of(kind).getFileName();
    String text =
        name == null
            ? "run"
            : name.toString()
                .replaceFirst("(?i)\\.[ct]sv$", "")
                .replaceAll("[^\\p{L}\\p{N}._-]+", "-");
    return text.isBlank() || text.startsWith(".") ? "run" : text;
  }

  String modelName() {
    if (model == null && start != null) {
      return start.network().name();
    }
    return model == null ? "resnet50" : model;
  }

  /** The entry of the catalogue that {@code --pretrained} or {@code --weights} names; or null. */
  private Catalogue.Entry published() {
    return pretrained != null
        ? WeightsCommand.catalogue().find(pretrained)
        : weights == null ? null : new NamedWeights(weights.toString(), model).entry().orElse(null);
  }

  /** The file to start from; one of the catalogue is fetched unless it is here. */
  private String initialWeights(CommonOptions common) {
    if (weights != null && pretrained != null) {
      throw common.wrong("--pretrained and --weights both say what to start from: leave one out");
    }
    Catalogue.Entry e = common.checked(this::published);
    if (e == null) {
      return weights == null ? null : weights.toAbsolutePath().normalize().toString();
    }
    if (model != null && !e.model().equals(model)) {
      throw common.wrong(
          "%s %s is of %s: leave out another --model"
              .formatted(pretrained == null ? "--weights" : "--pretrained", e.name(), e.model()));
    }
    return WeightsCommand.fetch(e, null).toAbsolutePath().toString();
  }

  /** Where the data of a resumed run is now, or null if that was not said. */
  String movedData() {
    return data == null ? null : RunSetup.absolute(data);
  }

  /** A resumed run's recipe with the precision and the loss scale that were given anew. */
  Recipe withPrecision(Recipe saved, CommandLine line, CommonOptions common) {
    var given = line.getParseResult();
    Recipe r = saved;
    if (given.hasMatchedOption("--precision")) {
      r = r.with(common.checked(() -> saved.compute().withPrecision(precision)));
    }
    if (LossScaleOptions.NAMES.stream().anyMatch(given::hasMatchedOption)) {
      r = r.with(saved.loss().withLossScale(common.checked(lossScale::toLossScale)));
    }
    return r;
  }

  /** The recipe that the options make; a wrong one is wrong usage. */
  Recipe toRecipe(CommonOptions common) {
    if (data == null) {
      throw common.wrong("--data is missing: name a folder of class folders, or demo");
    }
    String from = initialWeights(common);
    start = startingPoint(from);
    Recipe r = common.checked(() -> make(common, from));
    common.note(notes());
    if (FineTunePreset.NAME.equals(recipe)) {
      common.note(List.of(FineTunePreset.describe(r)));
    }
    return r;
  }

  /** What the weights say of what was not given; null for nothing. */
  private StartingPoint startingPoint(String from) {
    boolean all =
        model != null && width != null && stem != null && attention != null && imageSize != null;
    if (from == null || all) {
      return null;
    }
    try {
      return StartingPoint.of(from, model);
    } catch (IOException | UserError e) {
      if (model == null) {
        throw new UserError(Errors.sentence(e), e);
      }
      return null; // loading them says why they are not of this model
    }
  }

  /** What was taken from {@code --weights}, and what was not because it was typed otherwise. */
  private List<String> notes() {
    return start == null
        ? List.of()
        : new StartingNotes(
                weights == null ? Path.of(pretrained) : weights,
                start,
                Datasets.source(data).defaults())
            .of(new StartingNotes.Typed(model, width, stem, attention, imageSize));
  }

  private Recipe make(CommonOptions common, String from) {
    DataSource.Defaults d = Datasets.source(data).defaults();
    NetworkOptions network = start == null ? null : start.network().options();
    int usualSize = start == null || start.imageSize() == 0 ? d.imageSize() : start.imageSize();
    int side = imageSize == null ? usualSize : imageSize;
    Budget time = budget.toBudget(common);
    int usualLength = time.plan() == null ? d.epochs() : time.plan().epochs();
    int length = epochs == null ? usualLength : epochs;
    return new Recipe(
        pictures.of(RunSetup.absolute(data)),
        new ModelSettings(
            modelName(),
            width != null ? width : network == null ? d.width() : network.width(),
            stem != null ? stem : network == null ? "standard" : network.stem(),
            attention != null ? attention : network == null ? "none" : network.attention(),
            dropout,
            zeroInitResidual,
            from),
        optimizer.toSettings(d.lr()),
        new ScheduleSettings(
            new RunLength(
                length, patience, extended.stream().filter(e -> e < length).toList(), time),
            batch == null ? d.batch() : batch,
            accumulate,
            schedule(common),
            fineTuning.toFineTuning()),
        new AugmentSettings(
            side,
            evalSize == 0 && imageSize == null && start != null ? start.evalSize() : evalSize,
            augment == null ? d.augment() : augment,
            jitter == null ? (regularization.hasPolicy() ? 0 : d.jitter()) : jitter,
            preprocessing != null || start == null
                ? preprocessing
                : start.preprocessingOn(data, side),
            regularization.toRegularization()),
        new LossSettings(
            labelSmoothing, smoothingMode, balance.toBalance(), lossScale.toLossScale()),
        new ComputeSettings(
            precision,
            common.seed,
            common.device(),
            common.threads() > 0 ? common.threads() : Runtime.getRuntime().availableProcessors()));
  }

  /** A cosine without a half period spans the epochs, also where a config.json is used again. */
  private String schedule(CommonOptions common) {
    if (tMax == null) {
      return scheduler;
    }
    List<String> parts = List.of(scheduler.split("[:,]"));
    if (!parts.getFirst().equals("cosine")) {
      throw common.wrong("--t-max belongs to --scheduler cosine");
    }
    List<String> kept = new ArrayList<>(List.of("cosine:t_max=" + tMax));
    parts.stream().skip(1).filter(p -> !p.strip().matches("t[-_]max\\s*=.*")).forEach(kept::add);
    return String.join(",", kept);
  }
}
