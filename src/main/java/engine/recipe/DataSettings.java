package engine.recipe;

import com.google.gson.annotations.SerializedName;
import engine.base.Setting;
import engine.data.Datasets;
import engine.data.Fold;
import engine.data.Holdout;

/**
 * Which pictures a run sees.
 *
 * @param source what {@code --data} named; a folder by its absolute path
 * @param valFraction share held out where the source has no validation side
 * @param limits of both sides
 * @param cacheImages pixels of the shorter side of the training pictures that are kept decoded
 *     between epochs; 0 to decode them every time
 * @param splitSeed chooses what is held out; null for the seed of the run
 * @param fold the part that is held out in place of a share, such as {@code 2/5}; null for none
 * @param exclude absolute path of a list of pictures to leave out; null for none
 */
public record DataSettings(
    @SerializedName("data") String source,
    double valFraction,
    Limits limits,
    int cacheImages,
    Long splitSeed,
    String fold,
    String exclude) {
  /**
   * How many pictures are taken at most; 0 for all.
   *
   * @param limitTrain to train on
   * @param limitVal to validate on
   */
  public record Limits(int limitTrain, int limitVal) {
    /** All pictures. */
    public static final Limits NONE = new Limits(0, 0);

    public Limits {
      RecipeChecks.that(
          limitTrain >= 0 && limitVal >= 0,
          Setting.LIMIT_TRAIN + " and " + Setting.LIMIT_VAL + " must be 0 or more");
    }
  }

  public DataSettings {
    RecipeChecks.that(
        source != null && !source.isBlank(),
        Setting.DATA + " is missing: name a folder of class folders, or demo");
    RecipeChecks.that(
        valFraction > 0 && valFraction < 1,
        Setting.VAL_FRACTION + " must be between 0 and 1, not " + valFraction);
    RecipeChecks.that(
        cacheImages == 0 || (cacheImages >= 8 && cacheImages <= 16_384),
        Setting.CACHE_IMAGES + " must be between 8 and 16384, not " + cacheImages);
    Fold.parse(fold);
  }

  /** All pictures of a source, of which a fifth is held out where it has no validation side. */
  public static DataSettings of(String source) {
    return new DataSettings(source, 0.2, Limits.NONE, 0, null, null, null);
  }

  /**
   * The source's short name: {@code demo}, the last part of a folder, or {@code cifar10:} and that.
   */
  public String name() {
    int colon = Datasets.isOwn(source) ? -1 : source.indexOf(':');
    return source.substring(0, colon + 1) + lastPart(source.substring(colon + 1));
  }

  /** Pictures to train on at most; 0 for all. */
  public int limitTrain() {
    return limits.limitTrain;
  }

  /** Pictures to validate on at most; 0 for all. */
  public int limitVal() {
    return limits.limitVal;
  }

  /** The last part of a path of whichever system. */
  static String lastPart(String path) {
    String[] parts = path.split("[/\\\\]+");
    return parts.length == 0 ? "" : parts[parts.length - 1];
  }

  public DataSettings withSource(String other) {
    return new DataSettings(other, valFraction, limits, cacheImages, splitSeed, fold, exclude);
  }

  public DataSettings withCacheImages(int other) {
    return new DataSettings(source, valFraction, limits, other, splitSeed, fold, exclude);
  }

  /** Zero for no limit. */
  public DataSettings withLimits(int train, int val) {
    return new DataSettings(
        source, valFraction, new Limits(train, val), cacheImages, splitSeed, fold, exclude);
  }

  /** The same pictures held out whatever the seed of the run, or a part of them. */
  public DataSettings withHeldOut(Long seed, String part) {
    return new DataSettings(source, valFraction, limits, cacheImages, seed, part, exclude);
  }

  /**
   * Which pictures are held out.
   *
   * @param runSeed that chooses them where the split has none of its own
   */
  public Holdout holdout(long runSeed) {
    return new Holdout(splitSeed != null ? splitSeed : runSeed, valFraction, Fold.parse(fold));
  }
}
