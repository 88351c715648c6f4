package engine.cli;

import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.backend.Devices;
import engine.base.Suggestion;
import engine.console.Units;
import engine.inspect.roofline.GpuPeak;
import engine.inspect.roofline.Launch;
import engine.inspect.roofline.Roofline;
import engine.inspect.roofline.RooflinePage;
import engine.inspect.roofline.StepPrecision;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code engine inspect roofline}: what a training step would cost on a GPU at best. */
@Command(
    name = "roofline",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Calculates the floor of a training step on a GPU that need not be here: FLOPs and least",
      "bytes of every launch, and which ceiling it meets first. Prints a page in Markdown."
    },
    footer = {
      "",
      "Examples:",
      "  engine inspect roofline --gpu h100 --batch 256 --precision fp16",
      "  engine inspect roofline --gpu t4 --batch 64 --json"
    })
final class InspectRooflineCommand implements Callable<Integer> {
  @Option(
      names = "--gpu",
      paramLabel = "NAME",
      defaultValue = "h100",
      description = "h200, h100, a100, l4, rtx4090, rtx3090, t4, orin or b200 (default h100).")
  private String gpu;

  @Mixin private ModelOptions model;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "256",
      description = "Images a step (default 256).")
  private int batch;

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Classes to tell apart (default 1000).")
  private int classes;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp16",
      description = "fp16, tf32 or fp32 (default fp16).")
  private String precision;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    StepPrecision p =
        Arrays.stream(StepPrecision.values())
            .filter(v -> v.name().toLowerCase(Locale.ROOT).equals(precision))
            .findFirst()
            .orElseThrow(
                () ->
                    common.wrong(
                        "--precision must be fp16, tf32 or fp32, not '%s'%s"
                            .formatted(
                                precision,
                                Suggestion.hint(precision, List.of("fp16", "tf32", "fp32")))));
    if (classes < 2 || classes > 100_000) {
      throw common.wrong("--classes must be between 2 and 100000, not " + classes);
    }
    GpuPeak peak = common.checked(() -> GpuPeak.of(gpu));
    Recipe recipe = model.recipe(common, batch);
    ModelInfo info = model.info(recipe, classes);
    try (Backend cpu = Devices.open("cpu", common.threads())) {
      Roofline r = Roofline.of(cpu, recipe, info, peak, p);
      PrintWriter out = spec.commandLine().getOut();
      if (common.json) {
        r.launches().forEach(l -> out.println(json(r, l)));
      } else {
        RooflinePage.lines(r, command()).forEach(out::println);
      }
    }
    return 0;
  }

  private String command() {
    return "./engine inspect roofline --gpu %s --model %s --width %s --batch %d --image-size %d --classes %d --precision %s"
        .formatted(
            gpu,
            model.model(),
            Units.compact(model.width()),
            batch,
            model.imageSize(),
            classes,
            precision);
  }

  private static JsonObject json(Roofline r, Launch l) {
    JsonObject o = new JsonObject();
    o.addProperty("calculated", true);
    o.addProperty("gpu", r.gpu().name());
    o.addProperty("batch", r.batch());
    o.addProperty("precision", r.precision().name().toLowerCase(Locale.ROOT));
    o.addProperty("layer", l.layer());
    o.addProperty("launch", l.kind());
    o.addProperty("shape", l.shape());
    o.addProperty("times", l.count());
    o.addProperty("flops", l.flops());
    o.addProperty("bytes", l.bytes());
    o.addProperty("floor_us", l.floor(r.gpu(), r.precision()));
    o.addProperty("bound_by", l.boundByMemory(r.gpu(), r.precision()) ? "memory" : "arithmetic");
    return o;
  }
}
