package engine.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.console.Units;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class LrPageTest {
  private static final double[] LR = {1e-5, 1e-4, 1e-3, 1e-2};
  private static final double[] LOSS = {2.5, 2.0, 0.75, Double.POSITIVE_INFINITY};
  private static final double[] SMOOTHED = {2.5, 2.25, 1.5, 1.75};
  private final String page = LrPage.html("resnet18 on <pets>", LR, LOSS, SMOOTHED, 2e-4);

  private JsonObject chart() {
    Matcher m = Pattern.compile("data-chart=\"([^\"]*)\"").matcher(page);
    assertTrue(m.find());
    return JsonParser.parseString(m.group(1).replace("&quot;", "\"")).getAsJsonObject();
  }

  @Test
  void theRatesStandOnALogarithmicAxisAndTheOneToTryOnTheCurve() {
    JsonObject chart = chart();
    assertTrue(chart.get("xLog").getAsBoolean());
    assertEquals(LR.length, chart.getAsJsonArray("x").size());
    JsonArray series = chart.getAsJsonArray("series");
    assertEquals("faint", series.get(0).getAsJsonObject().get("kind").getAsString());
    assertTrue(series.get(0).getAsJsonObject().getAsJsonArray("y").get(3).isJsonNull());
    JsonObject mark = series.get(2).getAsJsonObject();
    assertEquals("mark", mark.get("kind").getAsString());
    assertEquals("[null,2.25,null,null]", mark.getAsJsonArray("y").toString());
  }

  @Test
  void theFiguresAndEveryStepStandWithoutAScript() {
    assertTrue(page.contains("<dt>Rate to try</dt><dd>2e-4</dd>"));
    String best = Units.learningRate(1e-3);
    assertTrue(page.contains("<dt>Least loss</dt><dd>1.5000</dd><dd class=\"under\">at " + best));
    assertTrue(
        page.contains(
            "<tr><td>1e-4</td><td class=\"n\">2.0000</td><td class=\"n\">2.2500</td>"
                + "<td class=\"n\">2.2500</td></tr>"));
    assertTrue(page.contains("resnet18 on &lt;pets&gt;"));
  }
}
