package engine.eval;

import engine.backend.Backend;
import engine.data.Dataset;
import engine.data.image.PixelImage;
import engine.eval.Evaluation.Answer;
import engine.infer.GradCam;
import engine.infer.LoadedModel;
import engine.infer.Pictures;
import engine.metrics.ConfusedPair;
import engine.metrics.Logits;
import engine.report.Decoration;
import engine.report.Evidence;
import engine.report.Heatmap;
import engine.report.ReportData;
import engine.report.Thumbnail;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Fetches the pictures that a report shows; one that cannot be had is left out. */
final class EvidenceCollector {
  private static final int THUMBNAIL = 96;
  private static final int VIEW = 160;
  private static final int PAIRS = 6;
  private static final int A_STRIP = 5;
  private static final int MISTAKES = 24;
  private static final int UNCERTAIN = 12;
  private static final int EXPLAINED = 3;

  private final Backend backend;
  private final LoadedModel model;
  private final Evaluation evaluation;
  private final Dataset data;
  private final List<String> classes;
  private final Decoration decoration;

  EvidenceCollector(
      Backend backend,
      LoadedModel model,
      Evaluation evaluation,
      Dataset data,
      Decoration decoration) {
    this.backend = backend;
    this.model = model;
    this.evaluation = evaluation;
    this.data = data;
    this.classes = model.info().classes();
    this.decoration = decoration;
  }

  /** The surest wrong answers. */
  List<ReportData.Mistake> mistakes() {
    return examples(evaluation.worstMistakes(MISTAKES)).stream()
        .map(
            e ->
                new ReportData.Mistake(
                    e.image(), e.truth(), e.predicted(), e.probability(), e.source()))
        .toList();
  }

  Evidence evidence() {
    return new Evidence(pairs(), examples(evaluation.leastCertain(UNCERTAIN)), explanations());
  }

  private List<Evidence.Pair> pairs() {
    List<Evidence.Pair> out = new ArrayList<>();
    for (ConfusedPair p : evaluation.metrics().confusion().mostConfused(PAIRS)) {
      out.add(
          new Evidence.Pair(
              classes.get(p.truth()),
              classes.get(p.predicted()),
              p.count(),
              p.share(),
              examples(evaluation.of(p.truth(), p.predicted(), A_STRIP)),
              examples(evaluation.of(p.truth(), p.truth(), A_STRIP)),
              examples(evaluation.of(p.predicted(), p.predicted(), A_STRIP))));
    }
    return out;
  }

  private List<Evidence.Example> examples(List<Answer> answers) {
    List<Evidence.Example> out = new ArrayList<>();
    for (Answer a : answers) {
      decoration.attempt(
          "a picture in the report",
          () ->
              out.add(
                  example(a, Thumbnail.jpeg(Pictures.buffered(data.load(a.index())), THUMBNAIL))));
    }
    return out;
  }

  private Evidence.Example example(Answer a, byte[] image) {
    return new Evidence.Example(
        image,
        classes.get(a.truth()),
        classes.get(a.predicted()),
        a.probability(),
        data.name(a.index()));
  }

  /** Of the worst mistakes, each of another pair of classes, and of as many sure right answers. */
  private List<Evidence.Explanation> explanations() {
    Map<String, Answer> chosen = new LinkedHashMap<>();
    for (Answer a : evaluation.worstMistakes(Integer.MAX_VALUE)) {
      if (chosen.size() < EXPLAINED) {
        chosen.putIfAbsent(a.truth() + ">" + a.predicted(), a);
      }
    }
    int wanted = chosen.size() + EXPLAINED;
    for (Answer a : evaluation.surestRight()) {
      if (chosen.size() < wanted) {
        chosen.put(a.truth() + ">" + a.truth(), a);
      }
    }
    List<Evidence.Explanation> out = new ArrayList<>();
    for (Answer a : chosen.values()) {
      decoration.attempt("where the network looked (Grad-CAM)", () -> out.add(explain(a)));
    }
    return out;
  }

  private Evidence.Explanation explain(Answer a) throws IOException {
    PixelImage seen =
        model
            .info()
            .preprocessing()
            .evalTransform()
            .apply(data.load(a.index()), new SplittableRandom(0));
    GradCam.Features features = GradCam.features(backend, model, seen);
    double[] p = probabilities(seen);
    BufferedImage picture = Pictures.enlarged(Pictures.buffered(seen), VIEW);
    Set<Integer> asked = new LinkedHashSet<>(List.of(a.predicted(), a.truth()));
    List<Evidence.View> views = new ArrayList<>();
    for (int c : asked) {
      GradCam cam = features.of(c);
      BufferedImage heat = Heatmap.over(picture, cam.map(), cam.rows(), cam.columns());
      views.add(new Evidence.View(Thumbnail.jpeg(heat, VIEW), classes.get(c), p[c]));
    }
    return new Evidence.Explanation(example(a, Thumbnail.jpeg(picture, VIEW)), views);
  }

  private double[] probabilities(PixelImage seen) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pixels = arena.allocate(seen.data().length, 64);
      pixels.copyFrom(MemorySegment.ofArray(seen.data()));
      float[] logits =
          model.logits(pixels, 1, seen.height(), seen.width(), seen.channels()).toFloats();
      return Logits.softmax(logits, 0, classes.size());
    }
  }
}
