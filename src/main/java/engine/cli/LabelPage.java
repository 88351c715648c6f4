package engine.cli;

import engine.console.Units;
import engine.eval.LabelAudit;
import engine.infer.Pictures;
import engine.report.DataPage;
import engine.report.Thumbnail;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The pictures whose label is probably wrong, as a page: by label and what they are seen as. */
final class LabelPage {
  private static final int MOST = 400;
  private static final int MOST_OF_PAIR = 60;
  private static final int THUMBNAIL = 160;

  private LabelPage() {}

  static DataPage of(LabelAudit a, String title) {
    Map<String, List<LabelAudit.Suspect>> pairs = new LinkedHashMap<>();
    for (LabelAudit.Suspect s : a.suspects()) {
      String pair =
          "%s, seen as %s"
              .formatted(
                  a.classes().get(s.label().label()), a.classes().get(s.label().predicted()));
      pairs.computeIfAbsent(pair, _ -> new ArrayList<>()).add(s);
    }
    List<DataPage.Gallery> galleries = new ArrayList<>();
    int[] room = {MOST};
    pairs.entrySet().stream()
        .sorted((x, y) -> y.getValue().size() - x.getValue().size())
        .forEach(e -> gallery(a, e.getKey(), e.getValue(), room, galleries));
    return new DataPage(
        title,
        "Pictures whose label is probably wrong, by confident learning (Northcutt, Jiang and Chuang 2021): a run that was not trained on a picture is surer of another class than it usually is of that class's own pictures. The surest first.",
        List.of(
            new DataPage.Fact(
                "probably wrong",
                Units.count(a.suspects().size()),
                "of %s".formatted(Units.count(a.pictures(), "picture"))),
            new DataPage.Fact("could not be read", Units.count(a.unread()), "")),
        List.of(),
        galleries,
        List.of(perClass(a)));
  }

  private static void gallery(
      LabelAudit a,
      String heading,
      List<LabelAudit.Suspect> pair,
      int[] room,
      List<DataPage.Gallery> to) {
    int shown = Math.min(Math.min(MOST_OF_PAIR, room[0]), pair.size());
    room[0] -= shown;
    if (shown == 0) {
      return;
    }
    String more = shown < pair.size() ? "The surest %d of %,d.".formatted(shown, pair.size()) : "";
    to.add(
        new DataPage.Gallery(
            heading,
            more,
            List.of(pair.subList(0, shown).stream().map(s -> shown(a, s)).toList())));
  }

  private static DataPage.Shown shown(LabelAudit a, LabelAudit.Suspect s) {
    byte[] image = null;
    try {
      image = Thumbnail.jpeg(Pictures.buffered(s.from().load(s.at())), THUMBNAIL);
    } catch (IOException e) {
      // It could be read a moment ago; its name stands there without it.
    }
    return new DataPage.Shown(
        image,
        "%s %s, %s %s"
            .formatted(
                a.classes().get(s.label().predicted()),
                Units.percent(s.label().probability()),
                a.classes().get(s.label().label()),
                Units.percent(s.label().selfConfidence())),
        s.file());
  }

  private static DataPage.Listing perClass(LabelAudit a) {
    List<String> lines = new ArrayList<>();
    int[] suspects = a.suspectsByClass();
    for (int c = 0; c < suspects.length; c++) {
      if (a.counts()[c] > 0) {
        lines.add(
            "%s: %,d of %,d (%s)"
                .formatted(
                    a.classes().get(c),
                    suspects[c],
                    a.counts()[c],
                    Units.percent((double) suspects[c] / a.counts()[c])));
      }
    }
    return new DataPage.Listing("Suspects by label", "", lines);
  }
}
