package engine.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import engine.base.JsonText;
import engine.base.UserError;
import engine.data.Datasets;
import engine.model.NetworkConfig;
import engine.optim.schedule.Schedules;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything that decides a run; {@code config.json} is this record, and the same recipe on the
 * same device with the same number of threads gives the same bits.
 *
 * @param data what {@code --data} named; a folder by its absolute path
 * @param width factor on the channels of every layer; 1 is the standard network
 * @param stem of a ResNet: {@code standard} or {@code small}
 * @param attention in the blocks of a ResNet: {@code none}, {@code cbam} or {@code cbam-paper}
 * @param epochs length of the run
 * @param scheduler as {@code Schedules.parse} takes it
 * @param noDecayNormBias whether norms and biases are left out of the weight decay
 * @param smoothingMode {@code uniform}: eps/K on every class; {@code others}: eps/(K-1) on the
 *     others, by KL divergence
 * @param accumulate batches whose gradients are averaged before a step
 * @param clipNorm largest norm of all gradients together; 0 for no clipping
 * @param weightDecayAt changes such as {@code 40:0.1}: from that epoch (counted from 0), that decay
 * @param patience epochs without a better validation accuracy before the run stops; 0 to never stop
 *     early
 * @param augment {@code crop} (random-resized crop, flip, jitter), {@code pad} (flip and padded
 *     crop, for small images), or {@code none}
 * @param jitter brightness and contrast jitter, each; 0 for none
 * @param precision one of {@link Precision#NAMES}
 * @param evalSize side of the pictures of an evaluation, which may see more than training did
 *     (Touvron et al. 2019); 0 for {@code imageSize}
 * @param device as it was asked for
 * @param threads compute threads of a CPU device, at least 1: sums depend on how many there are
 * @param weights checkpoint that the run starts from, or null
 * @param limitTrain pictures to train on at most; 0 for all
 * @param cacheImages pixels of the shorter side of the training pictures that are kept decoded
 *     between epochs; 0 to decode them every time
 * @param fineTuning what stays frozen
 * @param regularization mixing, policies, moving average
 * @param balance what is done about classes of uneven size
 * @param lossScale what the loss is multiplied by
 */
public record Recipe(
    String data,
    String model,
    double width,
    String stem,
    String attention,
    double dropout,
    boolean zeroInitResidual,
    int imageSize,
    int evalSize,
    int epochs,
    int batch,
    int accumulate,
    String optimizer,
    double lr,
    double momentum,
    double weightDecay,
    boolean noDecayNormBias,
    List<String> weightDecayAt,
    String scheduler,
    double labelSmoothing,
    String smoothingMode,
    double clipNorm,
    int patience,
    String augment,
    double jitter,
    String precision,
    double valFraction,
    int limitTrain,
    int limitVal,
    int cacheImages,
    long seed,
    String device,
    int threads,
    String weights,
    FineTuning fineTuning,
    Regularization regularization,
    Balance balance,
    LossScale lossScale) {
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  public Recipe {
    // A config.json may be older than a part of the recipe.
    attention = attention == null ? "none" : attention;
    fineTuning = fineTuning == null ? FineTuning.NONE : fineTuning;
    regularization = regularization == null ? Regularization.NONE : regularization;
    balance = balance == null ? Balance.NONE : balance;
    lossScale = lossScale == null ? LossScale.AUTO : lossScale;
    RecipeChecks.that(
        data != null && !data.isBlank(),
        "--data is missing: name a folder of class folders, or demo");
    RecipeChecks.that(
        model != null && NetworkConfig.NAMES.contains(model),
        "there is no model '" + model + "': use one of " + String.join(", ", NetworkConfig.NAMES));
    RecipeChecks.that(epochs >= 1, "--epochs must be at least 1, not " + epochs);
    RecipeChecks.that(batch >= 1, "--batch must be at least 1, not " + batch);
    RecipeChecks.that(accumulate >= 1, "--accumulate must be at least 1, not " + accumulate);
    RecipeChecks.that(
        width > 0 && width <= 16, "--width must be above 0 and at most 16, not " + width);
    RecipeChecks.that(
        imageSize >= 8 && imageSize <= 4096,
        "--image-size must be between 8 and 4096, not " + imageSize);
    RecipeChecks.that(
        evalSize == 0 || (evalSize >= 8 && evalSize <= 4096),
        "--eval-size must be between 8 and 4096, not " + evalSize);
    RecipeChecks.that(lr > 0 && lr < 1e3, "--lr must be above 0 and below 1000, not " + lr);
    RecipeChecks.that(
        weightDecay >= 0 && weightDecay < 1e3,
        "--weight-decay must be 0 or more and below 1000, not " + weightDecay);
    RecipeChecks.that(
        momentum >= 0 && momentum < 1,
        "--momentum must be at least 0 and below 1, not " + momentum);
    RecipeChecks.that(
        labelSmoothing >= 0 && labelSmoothing < 1,
        "--label-smoothing must be at least 0 and below 1, not " + labelSmoothing);
    RecipeChecks.that(
        dropout >= 0 && dropout < 1, "--dropout must be at least 0 and below 1, not " + dropout);
    RecipeChecks.that(
        clipNorm >= 0 && clipNorm < 1e9, "--clip-norm must be 0 or more, not " + clipNorm);
    RecipeChecks.that(patience >= 0, "--patience must be 0 or more, not " + patience);
    RecipeChecks.that(
        jitter >= 0 && jitter <= 1, "--jitter must be between 0 and 1, not " + jitter);
    RecipeChecks.that(
        valFraction > 0 && valFraction < 1,
        "--val-fraction must be between 0 and 1, not " + valFraction);
    RecipeChecks.that(
        cacheImages == 0 || (cacheImages >= 8 && cacheImages <= 16_384),
        "--cache-images must be between 8 and 16384, not " + cacheImages);
    RecipeChecks.that(
        limitTrain >= 0 && limitVal >= 0, "--limit-train and --limit-val must be 0 or more");
    RecipeChecks.oneOf("--optimizer", optimizer, "adamw", "adam", "sgd");
    RecipeChecks.oneOf("--smoothing-mode", smoothingMode, "uniform", "others");
    RecipeChecks.oneOf("--augment", augment, "crop", "pad", "none");
    Precision.check(precision);
    RecipeChecks.oneOf("--stem", stem, "standard", "small");
    RecipeChecks.oneOf("--attention", attention, "none", "cbam", "cbam-paper");
    RecipeChecks.that(
        model.startsWith("resnet")
            || stem.equals("standard") && attention.equals("none") && !zeroInitResidual,
        "--stem, --attention and --zero-init-residual belong to ResNets: leave them out for "
            + model);
    for (String w : weightDecayAt) {
      decayChange(w);
    }
    // What a schedule may be is known before how many steps the run has: enough of them to begin
    // with.
    Schedules.parse(scheduler, lr, perStep(scheduler) ? Integer.MAX_VALUE : epochs);
  }

  /** Whether the schedule moves every step rather than every epoch. */
  public boolean schedulePerStep() {
    return perStep(scheduler);
  }

  private static boolean perStep(String scheduler) {
    return scheduler.startsWith("onecycle") || scheduler.startsWith("warmup-cosine");
  }

  /** The side of the pictures of an evaluation. */
  int sideOfEvaluation() {
    return evalSize > 0 ? evalSize : imageSize;
  }

  /** The weight decay that applies in {@code epoch}, counted from 0. */
  public double weightDecay(int epoch) {
    double decay = weightDecay;
    int since = -1;
    for (String w : weightDecayAt) {
      double[] change = decayChange(w);
      if (change[0] <= epoch && change[0] > since) {
        since = (int) change[0];
        decay = change[1];
      }
    }
    return decay;
  }

  private static double[] decayChange(String text) {
    String[] parts = text.split(":");
    try {
      double[] change = {Integer.parseInt(parts[0].strip()), Double.parseDouble(parts[1].strip())};
      if (parts.length == 2 && change[0] >= 0 && change[1] >= 0 && change[1] < 1e3) {
        return change;
      }
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      // said below
    }
    throw new UserError("--weight-decay-at takes EPOCH:DECAY such as 40:0.1, not '" + text + "'");
  }

  /**
   * The data's short name: {@code demo}, the last part of a folder, or {@code cifar10:} and that.
   */
  public String dataName() {
    int colon = Datasets.isFolder(data) ? -1 : data.indexOf(':');
    return data.substring(0, colon + 1) + lastPart(data.substring(colon + 1));
  }

  /**
   * The recipe for a file that may be given away, as JSON: of the data and the weights it tells the
   * last part of the name, not the folders of one machine.
   */
  public String toPublicJson() {
    JsonObject json = GSON.toJsonTree(this).getAsJsonObject();
    json.addProperty("data", dataName());
    if (weights != null) {
      json.addProperty("weights", lastPart(weights));
    }
    return GSON.toJson(json);
  }

  /** Of a path of whichever system. */
  private static String lastPart(String path) {
    String[] parts = path.split("[/\\\\]+");
    return parts.length == 0 ? "" : parts[parts.length - 1];
  }

  /** The same with the data in another place. */
  public Recipe withData(String other) {
    return with(Map.of("data", other));
  }

  /**
   * The same with other values for some of its fields, by name.
   *
   * @throws IllegalArgumentException if there is no such field
   */
  public Recipe with(Map<String, ?> changes) {
    JsonObject json = GSON.toJsonTree(this).getAsJsonObject();
    changes.forEach(
        (name, value) -> {
          if (!RecipeKeys.has(name)) {
            throw new IllegalArgumentException("a recipe has no " + name);
          }
          json.add(name, GSON.toJsonTree(value));
        });
    try {
      return GSON.fromJson(json, Recipe.class);
    } catch (RuntimeException e) {
      throw e.getCause() instanceof UserError u ? u : e;
    }
  }

  /** As a {@code config.json}, with a checksum at its end. */
  public String toJson() {
    return GSON.toJson(JsonSeal.put(GSON.toJsonTree(this).getAsJsonObject())) + "\n";
  }

  /**
   * Reads a {@code config.json}. One without a checksum, of an earlier version or with that line
   * taken out, is taken as it is.
   *
   * @throws UserError if the file is no recipe, has a key too many or too few, or is not as it was
   *     written
   */
  public static Recipe read(Path config) throws IOException {
    JsonObject json = object(config);
    Boolean asWritten = JsonSeal.takeAndCheck(json);
    try {
      RecipeKeys.require(json);
    } catch (UserError e) {
      throw damaged(config, e.getMessage(), e);
    }
    if (Boolean.FALSE.equals(asWritten)) {
      throw new UserError(
          "%s has changed since the run wrote it: put it back, or delete its line \"%s\" to use it as it is now; a new run takes it with --config"
              .formatted(config, JsonSeal.KEY));
    }
    try {
      Recipe r = GSON.fromJson(json, Recipe.class);
      RecipeKeys.requireSame(json, GSON.toJsonTree(r).getAsJsonObject());
      return r;
    } catch (RuntimeException e) {
      // Gson wraps what the constructor finds wrong.
      Throwable said = e.getCause() instanceof UserError ? e.getCause() : e;
      String why =
          said instanceof UserError ? said.getMessage() : "a value is not of the kind it should be";
      throw damaged(config, why, e);
    }
  }

  private static JsonObject object(Path config) throws IOException {
    String text = JsonText.read(config);
    if (text.isBlank()) {
      throw new UserError(config + " is empty: start a new run with --out");
    }
    try {
      return JsonText.object(text);
    } catch (JsonParseException e) {
      throw damaged(config, e.getMessage(), e);
    }
  }

  private static UserError damaged(Path config, String why, RuntimeException cause) {
    return new UserError(
        "%s is damaged (%s): mend it, or start a new run with --out".formatted(config, why), cause);
  }
}
