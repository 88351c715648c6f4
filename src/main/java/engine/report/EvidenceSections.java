package engine.report;

import engine.console.Units;
import java.util.List;

/** The parts of a report that show pictures: confused pairs, doubtful answers, heat maps. */
final class EvidenceSections {
  private EvidenceSections() {}

  static String html(Evidence e) {
    return pairs(e.pairs()) + uncertain(e.uncertain()) + explanations(e.explanations());
  }

  private static String pairs(List<Evidence.Pair> pairs) {
    if (pairs.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<div class=\"pairs\">\n");
    for (Evidence.Pair p : pairs) {
      out.append(
          "<div class=\"card pair\"><h3>%s <span class=\"to\">→</span> %s</h3>"
              .formatted(Html.name(p.truth()), Html.name(p.predicted())));
      out.append(
          "<p class=\"remark\">%s images, %s of its class</p>"
              .formatted(Units.count(p.count()), Units.percent(p.share())));
      strip(Html.name(p.truth()) + " taken for " + Html.name(p.predicted()), p.mistaken(), out);
      strip(Html.name(p.truth()) + ", recognised", p.truths(), out);
      strip(Html.name(p.predicted()) + ", recognised", p.predicteds(), out);
      out.append("</div>\n");
    }
    return Html.section(
        "Confused pairs",
        "The most frequent confusions, with what the model mistook and what it knows of both.",
        out.append("</div>\n").toString());
  }

  private static void strip(String title, List<Evidence.Example> examples, StringBuilder out) {
    if (examples.isEmpty()) {
      return;
    }
    out.append("<p class=\"strip-title\">").append(title).append("</p><div class=\"strip\">");
    for (Evidence.Example e : examples) {
      out.append(image(e.image(), e.truth() + ", taken for " + e.predicted(), e.source()));
    }
    out.append("</div>");
  }

  private static String uncertain(List<Evidence.Example> examples) {
    if (examples.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<div class=\"gallery\">\n");
    for (Evidence.Example e : examples) {
      out.append("<figure>").append(image(e.image(), e.truth(), e.source()));
      out.append(
          "<figcaption><span class=\"%s\">%s <b>%s</b></span><span class=\"was\">is %s</span>"
              .formatted(
                  e.isRight() ? "said right" : "said",
                  Html.name(e.predicted()),
                  Units.percent(e.probability()),
                  Html.name(e.truth())));
      out.append("</figcaption></figure>\n");
    }
    return Html.section(
        "Least certain",
        "Answers between whose two best classes the model could least decide, right ones too.",
        out.append("</div>\n").toString());
  }

  private static String explanations(List<Evidence.Explanation> all) {
    if (all.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<div class=\"explanations\">\n");
    for (Evidence.Explanation x : all) {
      Evidence.Example e = x.example();
      out.append("<div class=\"card\"><h3>").append(Html.name(e.truth()));
      out.append(e.isRight() ? "" : " <span class=\"to\">→</span> " + Html.name(e.predicted()));
      out.append("</h3><div class=\"views\">");
      out.append("<figure>").append(image(e.image(), e.truth(), e.source()));
      out.append("<figcaption>picture</figcaption></figure>");
      for (Evidence.View v : x.views()) {
        out.append("<figure>").append(image(v.image(), "heat map for " + v.name(), e.source()));
        out.append(
            "<figcaption>%s <span class=\"whole\">%s</span></figcaption></figure>"
                .formatted(Html.name(v.name()), Units.percent(v.probability())));
      }
      out.append("</div></div>\n");
    }
    return Html.section(
        "Where it looked",
        "Grad-CAM: the warmer a place, the more it spoke for the class beneath.",
        out.append("</div>\n").toString());
  }

  private static String image(byte[] bytes, String alt, String source) {
    return "<img src=\"%s\" alt=\"%s\" title=\"%s\" loading=\"lazy\">"
        .formatted(Html.dataUri(bytes), Html.escape(alt), Html.escape(source));
  }
}
