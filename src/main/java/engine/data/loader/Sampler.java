package engine.data.loader;

import engine.base.Seeds;
import engine.data.Dataset;
import engine.data.StratifiedSplit;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The order in which an epoch takes its samples. It follows from the epoch's number alone, so that
 * a resumed run has nothing to restore.
 */
public interface Sampler {
  /**
   * As many indices as the dataset has samples.
   *
   * @param epoch counted from 0
   */
  int[] order(int epoch);

  /** Whether a sample may come twice in an epoch; each time it is then augmented anew. */
  default boolean repeats() {
    return false;
  }

  /** The dataset's own order. */
  static Sampler sequential(int size) {
    return _ -> IntStream.range(0, size).toArray();
  }

  /** Every sample once, in an order of the epoch's own. */
  static Sampler shuffled(int size, long seed) {
    return epoch -> {
      int[] order = IntStream.range(0, size).toArray();
      Seeds.shuffle(order, Seeds.stream(seed, epoch));
      return order;
    };
  }

  /**
   * Every class equally often, however many samples it has: class-balanced oversampling. A class
   * goes through all its samples in random order before one comes again, which varies less from
   * epoch to epoch than drawing each with a weight, as PyTorch's WeightedRandomSampler does.
   */
  static Sampler balanced(Dataset dataset, long seed) {
    int[][] members = StratifiedSplit.members(dataset.labels(), dataset.classNames().size());
    int[][] present = Arrays.stream(members).filter(m -> m.length > 0).toArray(int[][]::new);
    return new Balanced(present, dataset.size(), seed);
  }

  /** See {@link #balanced}. */
  record Balanced(int[][] members, int size, long seed) implements Sampler {
    /** Keeps this order apart from the plain shuffle of the same epoch. */
    private static final long KEY = 0xba1a;

    @Override
    public int[] order(int epoch) {
      SplittableRandom random = Seeds.stream(seed, epoch, KEY);
      int[][] decks = new int[members.length][];
      int[] order = new int[size];
      for (int i = 0; i < size; i++) {
        int c = i % members.length;
        int drawn = i / members.length;
        if (drawn % members[c].length == 0) {
          decks[c] = members[c].clone();
          Seeds.shuffle(decks[c], random);
        }
        order[i] = decks[c][drawn % members[c].length];
      }
      Seeds.shuffle(order, random);
      return order;
    }

    @Override
    public boolean repeats() {
      return true;
    }
  }
}
