package engine.data.loader;

import engine.base.Setting;
import engine.base.UserError;
import engine.console.Units;
import engine.data.BadImages;
import engine.data.Dataset;
import engine.data.transform.LateAugmentation;
import engine.data.transform.Transform;

/**
 * Makes batches of a dataset, epoch after epoch, with workers that decode and transform ahead of
 * the consumer.
 *
 * <p><b>Same seed, same batches</b>, bit for bit, for any number of workers and after a resume: the
 * order of an epoch is drawn from a stream keyed by (seed, epoch), see {@link Sampler}, and each
 * sample's random transforms from one keyed by (seed, epoch, sample index). Workers share out
 * samples, not batches, so that the first batch is as quick as the cores allow.
 *
 * <p>Unreadable pictures are counted in {@link #badImages}. With {@code shuffle} (training) another
 * picture takes the place, see {@link SampleReader#read}; without (evaluation) the sample is left
 * out, so that nothing is measured twice.
 *
 * <p>The pixel buffers are native memory, made once and reused: {@code prefetch + 1} batches of
 * them.
 */
public final class DataLoader implements AutoCloseable {
  private final Dataset dataset;
  private final Config config;
  private final Sampler sampler;
  private final LateAugmentation late;
  private final SampleReader reader;
  private final BadImages bad;
  private final BatchPool pool;
  private Epoch current;

  /**
   * How to load.
   *
   * @param batchSize samples a batch
   * @param shuffle whether each epoch has its own order; also whether bad pictures are replaced
   * @param dropLast whether to leave out a last batch that is not full
   * @param seed of the order and the transforms
   * @param workers threads that decode; 0 decodes on the calling thread
   * @param prefetch batches made ahead of the consumer, at least 1
   * @param allowBadImages whether to go on however many pictures are unreadable
   */
  public record Config(
      int batchSize,
      boolean shuffle,
      boolean dropLast,
      long seed,
      int workers,
      int prefetch,
      boolean allowBadImages) {
    public Config {
      require(batchSize >= 1, "the batch size must be at least 1, not " + batchSize);
      require(workers >= 0, "the number of workers must be 0 or more, not " + workers);
      require(prefetch >= 1, "the loader must prefetch at least 1 batch, not " + prefetch);
    }

    /** Shuffled, every picture used, as many workers as cores, two batches ahead. */
    public static Config training(int batchSize, long seed) {
      return new Config(batchSize, true, false, seed, defaultWorkers(), 2, false);
    }

    /** In the dataset's order. */
    public static Config evaluation(int batchSize) {
      return new Config(batchSize, false, false, 0, defaultWorkers(), 2, false);
    }

    public Config withWorkers(int count) {
      return new Config(batchSize, shuffle, dropLast, seed, count, prefetch, allowBadImages);
    }

    public Config withAllowBadImages(boolean allow) {
      return new Config(batchSize, shuffle, dropLast, seed, workers, prefetch, allow);
    }

    private static void require(boolean holds, String message) {
      if (!holds) {
        throw new UserError(message);
      }
    }
  }

  public DataLoader(Dataset dataset, Transform transform, Config config) {
    this(dataset, transform, config, new BadImages.Limit(dataset.size(), config.allowBadImages()));
  }

  /**
   * @param limit of unreadable pictures, which may be shared with other loaders; it stands in for
   *     the config's {@code allowBadImages}
   */
  public DataLoader(Dataset dataset, Transform transform, Config config, BadImages.Limit limit) {
    this(
        dataset,
        transform,
        config,
        limit,
        config.shuffle()
            ? Sampler.shuffled(dataset.size(), config.seed())
            : Sampler.sequential(dataset.size()));
  }

  /**
   * @param sampler in place of the order that the config asks for
   */
  public DataLoader(
      Dataset dataset, Transform transform, Config config, BadImages.Limit limit, Sampler sampler) {
    this(dataset, transform, null, config, limit, sampler);
  }

  /**
   * @param late what comes after {@code transform} and is drawn only: a batch tells what, for
   *     whoever does it; null for nothing
   */
  public DataLoader(
      Dataset dataset,
      Transform transform,
      LateAugmentation late,
      Config config,
      BadImages.Limit limit,
      Sampler sampler) {
    this(dataset, transform, late, config, new BadImages(dataset, limit), sampler);
  }

  private DataLoader(
      Dataset dataset,
      Transform transform,
      LateAugmentation late,
      Config config,
      BadImages bad,
      Sampler sampler) {
    this.dataset = dataset;
    this.config = config;
    this.sampler = sampler;
    this.late = late;
    if (config.dropLast() && dataset.size() < config.batchSize()) {
      throw new UserError(
          "%s cannot fill a batch of %,d: use a smaller %s"
              .formatted(
                  Units.count(dataset.size(), "picture"), config.batchSize(), Setting.BATCH));
    }
    this.bad = bad;
    this.reader =
        new SampleReader(
            dataset, transform, late, config.seed(), config.shuffle(), sampler.repeats(), bad);
    this.pool = new BatchPool(config.prefetch() + 1, config.batchSize());
  }

  /**
   * A loader of the same pictures in the same order, which knows the same ones as unreadable and
   * makes another size of them. It is closed beside this one.
   */
  public DataLoader with(Transform transform) {
    return new DataLoader(dataset, transform, late, config, bad, sampler);
  }

  /** The number of cores, up to 16. */
  public static int defaultWorkers() {
    return Math.min(16, Runtime.getRuntime().availableProcessors());
  }

  /** Batches in a whole epoch. */
  public int batches() {
    int full = dataset.size() / config.batchSize();
    boolean more = dataset.size() % config.batchSize() != 0 && !config.dropLast();
    return more ? full + 1 : full;
  }

  public Dataset dataset() {
    return dataset;
  }

  /** What could not be read so far. */
  public BadImages badImages() {
    return bad;
  }

  /**
   * Starts epoch number {@code epoch}; the previous one must be closed. Workers begin at once.
   *
   * @param skipBatches batches at the beginning to pass over without decoding, to continue a run in
   *     the middle
   */
  public Epoch epoch(int epoch, int skipBatches) {
    if (current != null && !current.isClosed()) {
      throw new IllegalStateException("an epoch of this loader is still open: close it first");
    }
    int[] order = sampler.order(epoch);
    current = new Epoch(config, reader, pool, epoch, order, batches(), skipBatches);
    current.start();
    return current;
  }

  /** Stops the workers and frees the buffers; open batches can no longer be read. */
  @Override
  public void close() {
    if (current != null) {
      current.close();
    }
    pool.close();
  }
}
