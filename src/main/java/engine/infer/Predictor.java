package engine.infer;

import engine.base.Setting;
import engine.data.image.PixelImage;
import engine.data.loader.PictureStream;
import engine.data.loader.PictureStream.Picture;
import engine.data.transform.Transform;
import engine.data.transform.TransformSpec;
import engine.metrics.Logits;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Batches of pictures in, what the models decide about each out. A batch always has the shape of
 * the first, so that the models' plans are made once: places of unreadable pictures, and those that
 * the last batch lacks, are computed and thrown away. Pictures that a preprocessing leaves at
 * different sizes are answered one by one.
 */
public final class Predictor {
  private static final long CACHE_LINE = 64;

  private final Ensemble models;
  private final List<TransformSpec> specs;
  private final Views views;
  private final int viewsEach;
  private int rows;
  private MemorySegment pixels = MemorySegment.NULL;

  /**
   * The answer about a picture.
   *
   * @param verdict null if there is none: it could not be read, or the models' answers are NaN
   * @param failure why not; else null
   */
  public record Answer(Path file, Vote.Verdict verdict, String failure) {}

  /**
   * @param views of each picture, whose answers are averaged
   */
  public Predictor(Ensemble models, Views views) {
    this.models = models;
    this.views = views;
    this.specs = models.models().stream().map(m -> m.info().preprocessing()).distinct().toList();
    this.viewsEach = views.of(specs.getFirst()).size();
  }

  /** What a {@link PictureStream} must do to every picture. */
  public List<Transform> preparations() {
    return specs.stream().flatMap(s -> views.of(s).stream()).toList();
  }

  /** The answers about a batch, in its order. */
  public List<Answer> answer(List<Picture> batch) {
    rows = Math.max(rows, batch.size());
    List<Picture> read = batch.stream().filter(p -> p.failure() == null).toList();
    List<double[][]> said = new ArrayList<>();
    if (!read.isEmpty()) {
      for (LoadedModel m : models.models()) {
        said.add(overViews(m, read));
      }
    }
    List<Answer> out = new ArrayList<>();
    int row = 0;
    for (Picture p : batch) {
      Vote.Verdict verdict = p.failure() == null ? decide(said, row++) : null;
      out.add(new Answer(p.file(), verdict, verdict == null ? reason(p) : null));
    }
    return out;
  }

  private static String reason(Picture p) {
    return p.failure() != null
        ? p.failure()
        : "the network's answer is no number (NaN); its weights are damaged, or "
            + Setting.PRECISION
            + " is too low for it";
  }

  private Vote.Verdict decide(List<double[][]> said, int row) {
    return models.vote().decide(said.stream().map(p -> p[row]).toArray(double[][]::new));
  }

  /** The mean of what a model says of each view of the pictures. */
  private double[][] overViews(LoadedModel model, List<Picture> pictures) {
    int first = specs.indexOf(model.info().preprocessing()) * viewsEach;
    double[][] sum = null;
    for (int v = first; v < first + viewsEach; v++) {
      int view = v;
      double[][] one =
          probabilities(model, pictures.stream().map(p -> p.views().get(view)).toList());
      for (int i = 0; sum != null && i < one.length; i++) {
        for (int c = 0; c < one[i].length; c++) {
          sum[i][c] += one[i][c];
        }
      }
      sum = sum == null ? one : sum;
    }
    for (double[] row : viewsEach == 1 ? new double[0][] : sum) {
      for (int c = 0; c < row.length; c++) {
        row[c] /= viewsEach;
      }
    }
    return sum;
  }

  private double[][] probabilities(LoadedModel model, List<PixelImage> images) {
    PixelImage first = images.getFirst();
    boolean oneSize =
        images.stream().allMatch(p -> p.width() == first.width() && p.height() == first.height());
    if (oneSize) {
      return probabilities(model, images, rows);
    }
    double[][] out = new double[images.size()][];
    for (int i = 0; i < out.length; i++) {
      out[i] = probabilities(model, List.of(images.get(i)), 1)[0];
    }
    return out;
  }

  private double[][] probabilities(LoadedModel model, List<PixelImage> images, int n) {
    PixelImage first = images.getFirst();
    long bytes = first.data().length;
    if (pixels.byteSize() < n * bytes) {
      pixels = Arena.ofAuto().allocate(n * bytes, CACHE_LINE);
    }
    for (int i = 0; i < images.size(); i++) {
      MemorySegment.copy(MemorySegment.ofArray(images.get(i).data()), 0, pixels, i * bytes, bytes);
    }
    // One picture without an answer is an error of its own, and does not end the others'.
    float[] logits =
        model.compute(pixels, n, first.height(), first.width(), first.channels()).toFloats();
    int classes = models.classes().size();
    double[][] out = new double[images.size()][];
    for (int i = 0; i < out.length; i++) {
      out[i] = Logits.softmax(logits, i * classes, classes);
    }
    return out;
  }
}
