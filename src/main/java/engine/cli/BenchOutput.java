package engine.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.backend.Convolutions.Kernel;
import engine.backend.KernelTime;
import engine.bench.ConvBench;
import engine.bench.KernelBench;
import engine.bench.Result;
import engine.console.Table;
import engine.console.Terminal;
import engine.console.Units;
import engine.recipe.Recipe;
import engine.tensor.Shape;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Locale;

/** Shows what {@code engine bench} measured. */
sealed interface BenchOutput {
  /** More of one kernel are counted instead of named. */
  int MOST_OPS = 3;

  /** A whole step. */
  void step(Result r);

  /** One convolution, as soon as it is measured. */
  void convolution(ConvBench.Row row);

  /** All of them together, after the last. */
  void convolutions(Result sum);

  /** The kernels of a training step. */
  void kernels(KernelBench.Report report);

  /** For people. */
  record Tables(
      Terminal terminal, Table convolutions, Recipe recipe, String precision, Backend backend)
      implements BenchOutput {
    Tables(Recipe recipe, String precision, Backend backend) {
      this(
          Terminal.stdout(),
          new Table(
              "layer",
              ">times",
              ">input",
              ">weight",
              ">stride",
              "pass",
              ">ms",
              ">GFLOP/s",
              ">of GEMM",
              "implementation"),
          recipe,
          precision,
          backend);
      terminal
          .out()
          .printf(
              "%s, width %s, %dx%d, %s, on %s (%s)%n%n",
              recipe.model().name(),
              Units.compact(recipe.model().width()),
              recipe.augment().imageSize(),
              recipe.augment().imageSize(),
              precision,
              backend.name(),
              backend.describe());
    }

    @Override
    public void step(Result r) {
      Table t =
          new Table(
              "work",
              ">batch",
              ">median ms",
              ">best",
              ">p99",
              ">images/s",
              ">GFLOP/s",
              ">of GEMM",
              ">peak MB",
              ">first step",
              ">timed");
      t.row(
          r.work(),
          r.batch(),
          ms(r.timing().median()),
          ms(r.timing().best()),
          ms(r.timing().p99()),
          Units.rate(r.imagesPerSecond()),
          Units.rate(r.rate()),
          Units.percent(r.ceilingShare()),
          Double.isNaN(r.peakMegabytes()) ? "-" : "%.0f".formatted(r.peakMegabytes()),
          Double.isNaN(r.firstStepSeconds()) ? "-" : Units.duration(r.firstStepSeconds()),
          r.timing().runs());
      t.print(terminal);
      terminal
          .out()
          .printf("%nA large matrix product reaches %s GFLOP/s here.%n", Units.rate(r.ceiling()));
    }

    @Override
    public void convolution(ConvBench.Row row) {
      convolutions.row(
          row.layer(),
          row.count(),
          by(row.x()),
          by(row.w()),
          row.geometry().strideH(),
          pass(row.kernel()),
          ms(row.result().timing().median()),
          Units.rate(row.result().rate()),
          Units.percent(row.result().ceilingShare()),
          row.implementation());
    }

    @Override
    public void convolutions(Result sum) {
      convolutions.print(terminal);
      terminal
          .out()
          .printf(
              "%nAll convolutions of a training step: %s ms, %s GFLOP/s, %s of GEMM. The step itself:%n%n",
              ms(sum.timing().median()), Units.rate(sum.rate()), Units.percent(sum.ceilingShare()));
    }

    @Override
    public void kernels(KernelBench.Report report) {
      Table t =
          new Table("kernel", "of ops", ">launches", ">ms", ">share", ">MB", ">GB/s", ">of a copy");
      for (KernelBench.Row r : report.rows()) {
        KernelTime k = r.time();
        t.row(
            k.kernel(),
            k.ops().size() > MOST_OPS ? k.ops().size() + " ops" : String.join(" ", k.ops()),
            k.launches(),
            ms(k.milliseconds()),
            Units.percent(k.milliseconds() / report.milliseconds()),
            "%,.1f".formatted(k.bytes() / 1e6),
            Units.rate(r.bytesPerSecond() / 1e9),
            Units.percent(r.bytesPerSecond() / report.copy()));
      }
      t.print(terminal);
      terminal
          .out()
          .printf(
              "%nA training step of %d images, op by op: %s ms in kernels. MB are the least that must move: each%n"
                  + "tensor once a launch. A large copy moves %s GB/s here.%s%n",
              recipe.schedule().batch(),
              ms(report.milliseconds()),
              Units.rate(report.copy() / 1e9),
              simulated(backend) ? " SIMULATED: no figure says anything of a GPU." : "");
    }

    private static String ms(double ms) {
      return (ms < 10 ? "%.3f" : "%.1f").formatted(ms);
    }

    private static String by(Shape s) {
      return String.join("x", Arrays.stream(s.dims()).mapToObj(Long::toString).toList());
    }
  }

  /** Whether times are those of the software GPU. */
  private static boolean simulated(Backend backend) {
    return backend.name().equals("sim");
  }

  /** For machines: one object a line. */
  record Json(PrintWriter out, Recipe recipe, String precision, Backend backend)
      implements BenchOutput {
    @Override
    public void step(Result r) {
      print(result(r));
    }

    @Override
    public void convolution(ConvBench.Row row) {
      JsonObject o = result(row.result());
      o.addProperty("layer", row.layer());
      o.addProperty("count", row.count());
      o.add("input", array(row.x()));
      o.add("weight", array(row.w()));
      o.addProperty("stride", row.geometry().strideH());
      o.addProperty("pass", pass(row.kernel()));
      o.addProperty("implementation", row.implementation());
      print(o);
    }

    @Override
    public void convolutions(Result sum) {
      print(result(sum));
    }

    @Override
    public void kernels(KernelBench.Report report) {
      for (KernelBench.Row r : report.rows()) {
        JsonObject o = of("kernel", recipe.schedule().batch());
        o.addProperty("simulated", simulated(backend));
        o.addProperty("kernel", r.time().kernel());
        JsonArray ops = new JsonArray();
        r.time().ops().forEach(ops::add);
        o.add("ops", ops);
        o.addProperty("launches", r.time().launches());
        number(o, "ms", r.time().milliseconds());
        number(o, "least_bytes", r.time().bytes());
        number(o, "gb_s", r.bytesPerSecond() / 1e9);
        number(o, "copy_gb_s", report.copy() / 1e9);
        print(o);
      }
    }

    private JsonObject of(String work, int batch) {
      JsonObject o = new JsonObject();
      o.addProperty("work", work);
      o.addProperty("device", backend.name());
      o.addProperty("model", recipe.model().name());
      o.addProperty("width", recipe.model().width());
      o.addProperty("batch", batch);
      o.addProperty("image_size", recipe.augment().imageSize());
      o.addProperty("precision", precision);
      return o;
    }

    private JsonObject result(Result r) {
      JsonObject o = of(r.work(), r.batch());
      o.addProperty("threads", backend.threads());
      number(o, "median_ms", r.timing().median());
      number(o, "best_ms", r.timing().best());
      number(o, "p99_ms", r.timing().p99());
      o.addProperty("timed", r.timing().runs());
      number(o, "images_s", r.imagesPerSecond());
      number(o, "rss_mb", r.peakMegabytes());
      number(o, "first_step_s", r.firstStepSeconds());
      number(o, "gflops", r.rate());
      number(o, "gemm_gflops", r.ceiling());
      number(o, "gemm_share", r.ceilingShare());
      return o;
    }

    /** Six digits. */
    private static void number(JsonObject o, String name, double value) {
      o.addProperty(
          name,
          Double.isFinite(value)
              ? (Double) new BigDecimal(value).round(new MathContext(6)).doubleValue()
              : null);
    }

    private static JsonArray array(Shape s) {
      JsonArray a = new JsonArray();
      Arrays.stream(s.dims()).forEach(a::add);
      return a;
    }

    private void print(JsonObject o) {
      out.println(o);
      out.flush();
    }
  }

  private static String pass(Kernel k) {
    return k.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
