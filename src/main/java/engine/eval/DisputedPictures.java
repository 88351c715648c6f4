package engine.eval;

import engine.data.Dataset;
import engine.infer.Pictures;
import engine.report.Comparison.Gallery;
import engine.report.Comparison.Grid;
import engine.report.Comparison.Picture;
import engine.report.Thumbnail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Pictures that one run has right and another wrong, the surest mistakes first. */
record DisputedPictures(List<ComparedRun> runs, Dataset pictures, SideBySide judged) {
  private static final int NAMED = 5;
  private static final int SHOWN = 12;
  private static final int THUMBNAIL = 96;

  /** Names for the terminal and the page. */
  List<Grid> grids() {
    List<Grid> out = new ArrayList<>();
    for (int other = 1; other < runs.size(); other++) {
      for (int[] pair : new int[][] {{0, other}, {other, 0}}) {
        List<Integer> places = disputed(pair[0], pair[1]);
        List<List<String>> rows =
            places.stream()
                .limit(NAMED)
                .map(
                    i ->
                        List.of(
                            pictures.name(answer(0, i).index()),
                            name(answer(0, i).truth()),
                            said(pair[1], i)))
                .toList();
        out.add(
            new Grid(
                title(pair[0], pair[1]),
                places.size() > NAMED
                    ? "The surest %d of %,d.".formatted(NAMED, places.size())
                    : "",
                List.of("picture", "is", runs.get(pair[1]).name() + " says"),
                rows));
      }
    }
    return out;
  }

  /** The same as pictures; one that cannot be read any more is left out. */
  List<Gallery> galleries() {
    List<Gallery> out = new ArrayList<>();
    for (int other = 1; other < runs.size(); other++) {
      for (int[] pair : new int[][] {{0, other}, {other, 0}}) {
        List<Picture> shown = new ArrayList<>();
        for (int i : disputed(pair[0], pair[1])) {
          if (shown.size() < SHOWN) {
            add(i, shown);
          }
        }
        if (!shown.isEmpty()) {
          out.add(new Gallery(title(pair[0], pair[1]), "The surest mistakes first.", shown));
        }
      }
    }
    return out;
  }

  private void add(int i, List<Picture> to) {
    int index = answer(0, i).index();
    try {
      to.add(
          new Picture(
              Thumbnail.jpeg(Pictures.buffered(pictures.load(index)), THUMBNAIL),
              name(answer(0, i).truth()),
              IntStream.range(0, runs.size())
                  .mapToObj(r -> runs.get(r).name() + ": " + said(r, i))
                  .toList(),
              pictures.name(index)));
    } catch (IOException e) {
      // it has gone since it was answered
    }
  }

  private String title(int right, int wrong) {
    return "%s right, %s wrong".formatted(runs.get(right).name(), runs.get(wrong).name());
  }

  /**
   * Of the pictures that one run has right and another wrong, the other's surest mistakes first.
   */
  private List<Integer> disputed(int right, int wrong) {
    return IntStream.range(0, judged.vote().answers().size())
        .boxed()
        .filter(i -> answer(right, i).isRight() && !answer(wrong, i).isRight())
        .sorted(Comparator.comparingDouble(i -> -answer(wrong, i).probability()))
        .toList();
  }

  private Evaluation.Answer answer(int run, int i) {
    return judged.each().get(run).answers().get(i);
  }

  private String said(int run, int i) {
    Evaluation.Answer a = answer(run, i);
    return "%s %.0f %%".formatted(name(a.predicted()), 100 * a.probability());
  }

  private String name(int c) {
    return runs.getFirst().info().classes().get(c);
  }

  /** Every picture that some run has right and some wrong. */
  List<Map<String, Object>> forMachines() {
    List<Map<String, Object>> out = new ArrayList<>();
    for (int i = 0; i < judged.vote().answers().size(); i++) {
      int at = i;
      long right = judged.each().stream().filter(e -> e.answers().get(at).isRight()).count();
      if (right > 0 && right < runs.size()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("file", pictures.name(answer(0, i).index()));
        one.put("truth", name(answer(0, i).truth()));
        one.put(
            "predicted",
            judged.each().stream().map(e -> name(e.answers().get(at).predicted())).toList());
        one.put(
            "probability",
            judged.each().stream().map(e -> e.answers().get(at).probability()).toList());
        out.add(one);
      }
    }
    return out;
  }
}
