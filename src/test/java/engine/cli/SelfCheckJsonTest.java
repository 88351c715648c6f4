package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import engine.verify.self.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What {@code engine verify --self --json} prints has the keys of its own section of the page. */
final class SelfCheckJsonTest {
  @Test
  void everyKeyOfACheckAndOfTheSummaryIsOnThePage() throws IOException {
    StringWriter printed = new StringWriter();
    SelfCheckOutput out = new SelfCheckOutput(new PrintWriter(printed), true);
    for (Finding.Verdict v : Finding.Verdict.values()) {
      out.found(new Finding("kernels/sum", v, "the same bits", 0.1));
    }
    out.summary();
    JsonKeys keys = JsonKeys.of("verify --self");
    printed.toString().lines().map(JsonParser::parseString).forEach(keys::check);
    assertEquals(4, printed.toString().lines().count());
  }
}
