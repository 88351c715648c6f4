package engine.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.metrics.ClassificationMetrics;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
  private static final String HOSTILE = "<script>alert('x')</script>\"& \u202e\u0000";
  private static final Set<String> VOID = Set.of("meta", "img");

  @TempDir Path folder;

  private static EpochMetrics epoch(int n, double loss, double accuracy) {
    return new EpochMetrics(n, loss, loss * 1.1, accuracy, 3e-4 / n, 62, 17, Map.of());
  }

  private static ClassificationMetrics metrics(int classes, int samples) {
    float[] logits = new float[samples * classes];
    int[] targets = new int[samples];
    for (int i = 0; i < samples; i++) {
      targets[i] = i % classes;
      logits[i * classes + (i % 5 == 0 ? (i + 1) % classes : i % classes)] = 3;
    }
    return ClassificationMetrics.of(logits, targets, classes);
  }

  private static ReportData full(String name) throws Exception {
    byte[] picture = Thumbnail.jpeg(new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB), 96);
    return new ReportData.Builder("Run " + name)
        .subtitle(name)
        .epochs(List.of(epoch(1, 2.3, 0.3), epoch(2, Double.NaN, 0.62), epoch(3, 0.9, 0.61)))
        .metrics(metrics(3, 30), name, List.of(name, "gobi", "沙漠"))
        .mistakes(List.of(new ReportData.Mistake(picture, name, "gobi", 0.987, name)))
        .latency(List.of(new ReportData.Latency(name, 2, 4, 6.25)))
        .configuration(Map.of(name, name))
        .commands(List.of("./engine train --data " + name))
        .notes(List.of(name))
        .build();
  }

  @Test
  void namesFromOutsideStayText() throws Exception {
    String html = withoutScript(RunReport.html(full(HOSTILE)));
    assertFalse(html.contains("<script"), "a script got through");
    assertFalse(html.contains("alert('x')"), "a quote got through");
    assertFalse(html.contains("\u202e") || html.contains("\u0000"), "a control character");
    assertTrue(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp; "));
  }

  @Test
  void everyTagIsClosed() throws Exception {
    for (ReportData d : List.of(full(HOSTILE), new ReportData.Builder("empty").build())) {
      String html =
          withoutScript(RunReport.html(d)).replaceFirst("(?s)<style>.*</style>", "<style></style>");
      Deque<String> open = new ArrayDeque<>();
      Matcher tag = Pattern.compile("<(/?)([a-z0-9]+)((?:[^>\"]|\"[^\"]*\")*)>").matcher(html);
      while (tag.find()) {
        if (tag.group(1).equals("/")) {
          assertEquals(open.pop(), tag.group(2));
        } else if (!VOID.contains(tag.group(2)) && !tag.group(3).endsWith("/")) {
          open.push(tag.group(2));
        }
      }
      assertEquals(List.of(), List.copyOf(open));
    }
  }

  @Test
  void nothingIsFetched() throws Exception {
    String html = RunReport.html(full("desert"));
    assertTrue(html.contains("default-src 'none'"));
    assertFalse(
        Pattern.compile("(src|href)=\"(?!data:)|url\\(|@import|http")
            .matcher(withoutScript(html).replace("http-equiv", ""))
            .find());
    assertFalse(PageScript.text().matches("(?s).*(fetch\\(|XMLHttp|import\\(|eval\\().*"));
  }

  @Test
  void thePagesOwnScriptRunsAndNoOther() throws Exception {
    String html = RunReport.html(full("desert"));
    String script = script(html);
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
    String allowed = "script-src 'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    assertTrue(html.contains(allowed + "\">"), "the policy allows this script alone");
    assertTrue(script.contains("The MIT License"), "uPlot asks that its licence goes with it");
    String bare = RunReport.html(new ReportData.Builder("empty").build());
    assertFalse(bare.contains("<script") || bare.contains("script-src"), "nothing to draw");
  }

  @Test
  void theDrawingLibraryIsTheOneThatIsPinned() throws Exception {
    String name = "/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.iife.min.js";
    byte[] sum =
        MessageDigest.getInstance("SHA-256")
            .digest(RunReport.class.getResourceAsStream(name).readAllBytes());
    String pinned = Files.readString(Path.of("docs/pinned.md"));
    assertTrue(pinned.contains("`" + HexFormat.of().formatHex(sum) + "`"));
  }

  private static String script(String html) {
    return html.substring(html.indexOf("<script>") + 8, html.indexOf("</script>"));
  }

  /** The page's own script is no name from outside, and is looked at by itself. */
  private static String withoutScript(String html) {
    return html.contains("<script>")
        ? html.replace(script(html), "").replace("<script></script>", "")
        : html;
  }

  @Test
  void everyValueOfACurveIsInItsDrawingAndInTheTable() throws Exception {
    String html = RunReport.html(full("desert"));
    Matcher m = Pattern.compile("data-chart=\"([^\"]*)\"").matcher(html);
    List<JsonObject> charts = new ArrayList<>();
    while (m.find()) {
      charts.add(JsonParser.parseString(m.group(1).replace("&quot;", "\"")).getAsJsonObject());
    }
    assertEquals(4, charts.size(), "loss, accuracy, rate, calibration");
    JsonObject loss = charts.getFirst();
    assertEquals("[1.0,2.0,3.0]", loss.get("x").toString());
    JsonObject train = loss.getAsJsonArray("series").get(0).getAsJsonObject();
    assertEquals("train", train.get("name").getAsString());
    assertEquals("[2.3,null,0.9]", train.get("y").toString(), "a gap");
    assertEquals("[\"2.3000\",\"NaN\",\"0.9000\"]", train.get("text").toString());
    assertTrue(html.contains("<tr><td>1</td><td class=\"n\">2.3000</td>"), "the table's first row");
    assertTrue(html.contains("tabindex=\"0\""), "reached by keyboard");
  }

  @Test
  void figuresMeanSomethingWithFewClasses() {
    assertFalse(RunReport.html(many(2, 20)).contains("Top-"), "one of two is always right");
    assertTrue(RunReport.html(many(3, 30)).contains("<dt>Top-2 accuracy</dt>"));
    assertFalse(RunReport.html(many(5, 30)).contains("<dt>Top-5 accuracy</dt>"));
    assertTrue(RunReport.html(many(6, 30)).contains("<dt>Top-5 accuracy</dt>"));
  }

  @Test
  void headlinesAndFiguresAreThere() throws Exception {
    String html = RunReport.html(full("desert"));
    // The best epoch is the second, although its training loss is unknown.
    assertTrue(html.contains("<dd>62.0 %</dd><dd class=\"under\">epoch 2; 95 %:"));
    assertTrue(html.contains("title=\"2 of 10 desert taken for gobi\""));
    assertTrue(html.contains("<td class=\"n\">6.3 ms</td><td class=\"n\">500</td>"), "latency");
    assertTrue(html.contains("<b>98.7 %</b>"));
    assertFalse(html.contains("\"NaN\"") || html.contains(" NaN "), "NaN as a coordinate");
  }

  @Test
  void sectionsWithoutDataAreLeftOut() {
    String html = RunReport.html(new ReportData.Builder("empty").build());
    assertFalse(html.contains("<section"));
  }

  private static ReportData many(int classes, int samples) {
    List<String> names = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      names.add("class number " + c);
    }
    return new ReportData.Builder("many").metrics(metrics(classes, samples), "", names).build();
  }

  @Test
  void manyClassesShowTheWorstOnesAndNoMatrix() {
    assertTrue(RunReport.html(many(40, 400)).contains("Confusion matrix"));
    String html = RunReport.html(many(200, 1000));
    assertFalse(html.contains("Confusion matrix"));
    assertTrue(html.contains("The lowest F1 first."));
    // Every fifth answer is the next class: those of class 0 go to class 1, and so on.
    assertTrue(html.contains("number 0</bdi> <span class=\"to\">→</span> <bdi>class number 1<"));
    int wrong = html.indexOf("<tr><td><bdi>class number 5</bdi></td>");
    int right = html.indexOf("<tr><td><bdi>class number 3</bdi></td>");
    assertTrue(0 < wrong && wrong < right, "the worst first");
  }

  @Test
  void threeThousandClassesTakeSecondsAndFewBytes() {
    ReportData d = many(3000, 6000);
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    long start = thread.getCurrentThreadCpuTime(); // not the clock: the machine may be busy
    String html = RunReport.html(d);
    JsonObject json = JsonParser.parseString(ReportJson.of(d)).getAsJsonObject();
    double seconds = (thread.getCurrentThreadCpuTime() - start) / 1e9;
    assertTrue(seconds < 10, seconds + " s");
    assertTrue(html.length() < 2e6, "page: " + html.length());
    assertTrue(html.contains("1,000 of 3,000 classes"));
    assertTrue(ReportJson.of(d).length() < 2e6, "json: " + ReportJson.of(d).length());
    assertEquals(3000, json.getAsJsonArray("per_class").size());
    assertFalse(json.has("confusion"));
    long right = 0;
    for (JsonElement e : json.getAsJsonArray("per_class")) {
      right += e.getAsJsonObject().get("right").getAsLong();
    }
    long wrong = 0;
    for (JsonElement e : json.getAsJsonArray("confused")) {
      wrong += e.getAsJsonArray().get(2).getAsLong();
    }
    assertEquals(6000, right + wrong);
    assertEquals(0, json.get("confused_left_out").getAsLong());
  }

  @Test
  void classNamesMustGoWithTheMetrics() {
    ReportData.Builder b = new ReportData.Builder("x").metrics(metrics(3, 9), "", List.of("a"));
    assertThrows(IllegalArgumentException.class, b::build);
  }

  @Test
  void theFileIsReplacedWhole() throws Exception {
    Path file = folder.resolve("report.html");
    Files.writeString(file, "old");
    List<String> said = new ArrayList<>();
    RunReport.write(full("desert"), file, new Decoration(said::add));
    assertEquals(List.of(), said);
    assertTrue(Files.readString(file).endsWith("</html>\n"));
    assertTrue(Files.readString(folder.resolve("report.json")).contains("\"accuracy_95\""));
    try (var files = Files.list(folder)) {
      assertTrue(files.noneMatch(f -> f.toString().endsWith(".tmp")), "nothing half done is left");
    }
  }

  /** Where a policy or a reader forbids scripts, no chart is an empty box. */
  @Test
  void everyChartHasATableAndSaysSoWhereNoScriptRuns() throws Exception {
    String html = RunReport.html(full("desert"));
    assertTrue(html.contains(".plot:empty::after { content: \"Not drawn, since no script runs"));
    Matcher chart = Pattern.compile("data-chart=|<details class=\"card\">").matcher(html);
    assertEquals(
        List.of("data-chart=", "data-chart=", "data-chart=", "<details class=\"card\">"),
        chart.results().limit(4).map(m -> m.group()).toList());
    String calibration = html.substring(html.indexOf("Calibration as a table"));
    String table = calibration.substring(0, calibration.indexOf("</table>"));
    int rows = table.split("<tr><td>", -1).length - 1;
    long bins = metrics(3, 30).calibration().stream().filter(b -> b.samples() > 0).count();
    assertEquals(bins, rows, table);
  }

  @Test
  void thumbnailsKeepTheirProportions() throws Exception {
    BufferedImage wide = new BufferedImage(3000, 10, BufferedImage.TYPE_INT_ARGB);
    BufferedImage small = ImageIO.read(new ByteArrayInputStream(Thumbnail.jpeg(wide, 100)));
    assertEquals(100, small.getWidth());
    assertEquals(1, small.getHeight());
  }
}
