package engine.train;

import engine.backend.Backend;
import engine.base.Setting;
import engine.model.Network;
import engine.quant.QuantizerSet;
import engine.recipe.Recipe;
import engine.run.RunFolder;
import engine.tensor.HostTensor;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What differs where {@link Trainer} trains a finished model on, with its layers rounded as an int8
 * network rounds them, or in plain fp32 for comparison: the same loop, the same data, the same
 * steps, the same checkpoints.
 */
public final class QuantTraining {
  /** An ordinary training: of a new model, with nothing rounded. */
  static final QuantTraining NONE = new QuantTraining();

  /**
   * When the last epochs stop moving what the int8 network will hold fixed (Krishnamoorthi 2018,
   * section 3.2): norms' statistics first, then ranges.
   *
   * @param freezeNorms the epoch, from 0, from which norms use their running statistics
   * @param freezeObservers the epoch from which ranges stay
   */
  public record Freezing(int freezeNorms, int freezeObservers) {
    /** Everything moves to the end. */
    public static final Freezing NEVER = new Freezing(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  private final QuantizerSet quantizers;
  private final Freezing freezing;
  private final Map<String, HostTensor> start;
  private final Recipe config;
  private final String resumption;
  private boolean normsStay;
  private boolean rangesStay;

  private QuantTraining() {
    this(null, Freezing.NEVER, null, null, null);
  }

  /**
   * @param quantizers null for plain fp32; they stay the caller's
   * @param start the finished model's state
   * @param config what the run's {@code config.json} says, by which other commands find its
   *     pictures
   * @param resumption the options that go on with a stopped run
   */
  public QuantTraining(
      QuantizerSet quantizers,
      Freezing freezing,
      Map<String, HostTensor> start,
      Recipe config,
      String resumption) {
    this.quantizers = quantizers;
    this.freezing = freezing;
    this.start = start;
    this.config = config;
    this.resumption = resumption;
  }

  /** Puts the quantisers in place; they stay there. */
  void attach(Network model) {
    model.roundWith(quantizers);
  }

  /** Gives the model its first weights; false where the recipe says which. */
  boolean start(Backend backend, Network model) {
    if (start == null) {
      return false;
    }
    model.loadStateDict(backend, start);
    return true;
  }

  /**
   * What the run folder says of a run.
   *
   * @param trained what the trainer goes by
   */
  Recipe config(Recipe trained) {
    return config == null ? trained : config;
  }

  /** The options that go on with a stopped run. */
  String resumption(RunFolder run) {
    return resumption == null ? Setting.RESUME + " " + run.root() : resumption;
  }

  /** What to do where a run cannot go on with the pictures there are. */
  String anew(RunFolder run) {
    return resumption == null
        ? "start a new run with " + Setting.OUT + " and " + Setting.WEIGHTS + " " + run.root()
        : "quantise again with another " + Setting.OUT;
  }

  /** What to do where pictures have changed under their names. */
  String anewOrAllTheSame(RunFolder run) {
    return resumption == null
        ? "start a new run (train "
            + Setting.RESUME
            + " goes on all the same with "
            + Setting.ALLOW_CHANGED_IMAGES
            + ")"
        : anew(run);
  }

  /** Null in plain fp32. */
  QuantizerSet quantizers() {
    return quantizers;
  }

  /**
   * Freezes what epoch {@code epoch} (from 0) holds fixed.
   *
   * @return whether that differs from the epoch before: what is frozen is part of a recorded step
   */
  boolean startEpoch(Network model, int epoch) {
    if (quantizers == null) {
      return false;
    }
    boolean norms = epoch >= freezing.freezeNorms();
    boolean ranges = epoch >= freezing.freezeObservers();
    model.freezeNorms(norms);
    quantizers.observe(!ranges);
    boolean changed = norms != normsStay || ranges != rangesStay;
    normsStay = norms;
    rangesStay = ranges;
    return changed;
  }

  /** What {@code work} gives while no batch moves a range. */
  <T> T still(Supplier<T> work) {
    if (quantizers == null) {
      return work.get();
    }
    quantizers.observe(false);
    try {
      return work.get();
    } finally {
      quantizers.observe(!rangesStay);
    }
  }
}
