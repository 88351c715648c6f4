package engine.report;

import engine.console.Units;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What was found in a set of pictures, as one file that shows it anywhere, with no script and
 * nothing fetched.
 *
 * @param title heads the page
 * @param subtitle a sentence under it
 * @param facts figures that stand first
 * @param classes how many pictures each has
 * @param galleries of pictures that are alike
 * @param lists of names with a remark each, such as what cannot be read
 */
public record DataPage(
    String title,
    String subtitle,
    List<Fact> facts,
    List<ClassCount> classes,
    List<Gallery> galleries,
    List<Listing> lists) {

  /** A figure, what it is, and what to do about it. */
  public record Fact(String label, String value, String remark) {}

  /** Pictures of a class to train and to validate on. */
  public record ClassCount(String name, int train, int val) {}

  /** A small picture; {@code image} is null where there is none to show. */
  public record Shown(byte[] image, String caption, String source) {}

  /** Groups of pictures under one heading. */
  public record Gallery(String heading, String remark, List<List<Shown>> groups) {}

  /** Lines under one heading. */
  public record Listing(String heading, String remark, List<String> lines) {}

  /** Writes the page, whole or not at all. */
  public void write(Path file) throws IOException {
    AtomicFiles.writeString(file, html());
  }

  String html() {
    StringBuilder out = new StringBuilder("<dl class=\"headlines\">\n");
    for (Fact f : facts) {
      out.append(
          "<div><dt>%s</dt><dd>%s</dd><dd class=\"under\">%s</dd></div>\n"
              .formatted(Html.escape(f.label), Html.escape(f.value), Html.escape(f.remark)));
    }
    out.append("</dl>\n</header>\n<main>\n");
    galleries.forEach(g -> out.append(gallery(g)));
    lists.forEach(l -> out.append(listing(l)));
    out.append(classes.isEmpty() ? "" : classTable()).append("</main>\n");
    return Page.html(title, subtitle, out.toString());
  }

  private static String gallery(Gallery g) {
    StringBuilder out = new StringBuilder("<div class=\"alikes\">\n");
    for (List<Shown> group : g.groups) {
      out.append("<div class=\"card\"><div class=\"gallery\">\n");
      for (Shown s : group) {
        out.append("<figure>");
        if (s.image != null) {
          out.append(
              "<img src=\"%s\" alt=\"\" title=\"%s\" loading=\"lazy\">"
                  .formatted(Html.dataUri(s.image), Html.escape(s.source)));
        }
        out.append(
            "<figcaption><span class=\"was\">%s<br>%s</span></figcaption></figure>\n"
                .formatted(Html.name(s.caption), Html.name(s.source)));
      }
      out.append("</div></div>\n");
    }
    return Html.section(g.heading, g.remark, out.append("</div>\n").toString());
  }

  private static String listing(Listing l) {
    StringBuilder out = new StringBuilder("<div class=\"card\"><div class=\"scroll tall\">");
    out.append("<table class=\"figures\"><tbody>\n");
    l.lines.forEach(line -> out.append("<tr><td>" + Html.name(line) + "</td></tr>\n"));
    return Html.section(l.heading, l.remark, out.append("</tbody></table></div></div>").toString());
  }

  private String classTable() {
    int most = classes.stream().mapToInt(c -> c.train + c.val).max().orElse(1);
    StringBuilder out = new StringBuilder("<div class=\"card\"><div class=\"scroll tall\">");
    out.append(
        "<table class=\"figures\"><thead><tr><th>class</th><th class=\"n\">to train on</th>");
    out.append("<th class=\"n\">to validate on</th><th></th></tr></thead><tbody>\n");
    for (ClassCount c : classes) {
      out.append(
          "<tr><td>%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"barcell\">%s</td></tr>\n"
              .formatted(
                  Html.name(c.name),
                  Units.count(c.train),
                  Units.count(c.val),
                  Html.bar((double) (c.train + c.val) / Math.max(1, most))));
    }
    return Html.section("Classes", "", out.append("</tbody></table></div></div>\n").toString());
  }
}
