package engine.train;

import engine.backend.Backend;
import engine.base.UserError;
import engine.data.image.PixelImage;
import engine.data.transform.TransformSpec;
import engine.tensor.HostTensor;
import engine.train.metrics.Logits;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** One or several models of the same classes that vote with the mean of their probabilities. */
public final class Ensemble implements AutoCloseable {
  private final List<LoadedModel> models = new ArrayList<>();

  private Ensemble() {}

  public static Ensemble load(Backend backend, List<Path> checkpoints, Precision precision)
      throws IOException {
    Ensemble e = new Ensemble();
    try {
      for (Path p : checkpoints) {
        e.models.add(LoadedModel.load(backend, p, precision));
        if (!e.models.getLast().info().classes().equals(e.classes())) {
          throw new UserError(
              p
                  + " has other classes than "
                  + checkpoints.getFirst()
                  + ": models that vote need the same ones");
        }
      }
      return e;
    } catch (IOException | RuntimeException x) {
      e.close();
      throw x;
    }
  }

  public List<String> classes() {
    return models.getFirst().info().classes();
  }

  /** Probability of each class. */
  public double[] predict(PixelImage picture) {
    double[] mean = new double[classes().size()];
    for (LoadedModel m : models) {
      TransformSpec spec = m.info().preprocessing();
      PixelImage p = spec.evalTransform().apply(picture, new SplittableRandom(0));
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment pixels = arena.allocate(p.data().length, 64);
        pixels.copyFrom(MemorySegment.ofArray(p.data()));
        HostTensor logits = m.logits(pixels, 1, p.height(), p.width(), p.channels());
        double[] one = Logits.softmax(logits.toFloats(), 0, mean.length);
        for (int i = 0; i < mean.length; i++) {
          mean[i] += one[i] / models.size();
        }
      }
    }
    return mean;
  }

  /** The k most probable classes, most probable first. */
  public static int[] best(double[] probabilities, int k) {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> -probabilities[i]))
        .limit(k)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  @Override
  public void close() {
    models.forEach(LoadedModel::close);
  }
}
