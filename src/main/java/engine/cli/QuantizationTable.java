package engine.cli;

import com.google.gson.JsonObject;
import engine.console.Table;
import engine.console.Terminal;
import engine.console.Units;
import engine.convert.Quantization.Variant;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/** How the networks of {@code engine quantize} compare. */
final class QuantizationTable {
  private QuantizationTable() {}

  /**
   * @param json where lines for machines go; null to print the table
   * @param pictures that the figures are of
   */
  static void print(Terminal t, PrintWriter json, List<Variant> variants, int pictures)
      throws IOException {
    Table table =
        new Table(
            "variant", ">accuracy", ">macro-F1", ">size", ">of fp32", ">latency p50", "checkpoint");
    double fp32 = variants.getFirst().bytes();
    for (Variant v : variants) {
      if (json != null) {
        JsonObject o = new JsonObject();
        o.addProperty("variant", v.name());
        o.addProperty("accuracy", v.evaluation().metrics().accuracy());
        o.addProperty("f1_macro", v.evaluation().metrics().macro().f1());
        o.addProperty("bytes", v.bytes());
        o.addProperty("latency_p50_ms", v.latency().p50());
        o.addProperty("checkpoint", v.file().toString());
        json.println(o);
      }
      table.row(
          v.name(),
          Units.percent(v.evaluation().metrics().accuracy()),
          "%.4f".formatted(v.evaluation().metrics().macro().f1()),
          Units.bytes(v.bytes()),
          "%.3f".formatted(v.bytes() / fp32),
          "%.2f ms".formatted(v.latency().p50()),
          v.file());
    }
    if (json == null) {
      table.print(t);
      t.out().println("on " + Units.count(pictures, "picture"));
    }
  }
}
