package engine.cli;

import engine.backend.Backend;
import engine.backend.Devices;
import engine.backend.OutOfDeviceMemoryException;
import engine.base.Suggestion;
import engine.bench.Budget;
import engine.bench.ConvBench;
import engine.bench.FittingBatch;
import engine.bench.KernelBench;
import engine.bench.StepBench;
import engine.inspect.kernel.KernelSpeed;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine bench}: how fast this machine trains, answers and convolves. */
@Command(
    name = "bench",
    description = "Measures speed and memory on random images; writes nothing.",
    footer = {
      "",
      "Examples:",
      "  engine bench train --batch 32 --precision amp",
      "  engine bench infer --batch 1 --seconds 20 --json",
      "  engine bench conv --model resnet18 --image-size 96",
      "  engine bench launches --device cuda --batch 256 --precision amp",
      "  engine bench data --data photos --workers 1,2,4",
      "  engine bench kernels --device sim",
      "",
      "\"first step\" is the time from the start of the process to the end of its first run, \"peak\"",
      "the most memory it had resident, \"of GEMM\" the rate as a share of what a large matrix",
      "product reaches on the same device; Winograd's convolutions count as many operations as",
      "their definition has, so an answer may pass 100 %%. Let nothing else run beside it."
    })
final class BenchCommand implements Callable<Integer> {
  private static final List<String> WORKS =
      List.of("train", "infer", "conv", "launches", "data", "kernels");

  private static final List<String> PRECISIONS =
      Stream.concat(Precision.NAMES.stream(), Stream.of("int8", "qat")).toList();

  @Parameters(
      paramLabel = "WORK",
      description =
          "train: a whole training step; infer: an answer; conv: every convolution of the model, forward and both backwards; launches: every kernel of a training step on a GPU; data: the loader alone, reading, decoding and augmenting; kernels: the software GPU's speed at CUDA kernels.")
  private String work;

  @Mixin private ModelOptions model;

  @Option(names = "--batch", paramLabel = "N", description = "Images a step (default 32; infer 1).")
  private Integer batch;

  @Option(
      names = "--classes",
      paramLabel = "N",
      defaultValue = "10",
      description = "Classes to tell apart (default 10).")
  private int classes;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp32",
      description =
          "fp32; tf32: its products on tensor cores; amp, bf16 or fp16: half precision where it is safe; int8 (infer); qat: fp32 rounded as int8 (train). Default fp32.")
  private String precision;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "0",
      description = "Steps to time (default: as many as --seconds allow, at least 3).")
  private int steps;

  @Option(
      names = "--seconds",
      paramLabel = "X",
      defaultValue = "10",
      description =
          "Time to spend, after a warm-up; conv takes a quarter second each at most (default 10).")
  private double seconds;

  @Mixin private LoaderOptions loader;
  @Mixin private ExecutionOptions execution;
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!WORKS.contains(work)) {
      throw common.wrong(
          "there is no benchmark '%s': use %s%s"
              .formatted(work, String.join(", ", WORKS), Suggestion.hint(work, WORKS)));
    }
    Budget budget = common.checked(() -> new Budget(steps, seconds));
    if (work.equals("kernels")) {
      kernels();
      return 0;
    }
    if (work.equals("data")) {
      loader.measure(common, recipe(), seconds, spec.commandLine().getOut());
      return 0;
    }
    if (classes < 2 || classes > 100_000) {
      throw common.wrong("--classes must be between 2 and 100000, not " + classes);
    }
    if (work.equals("infer") && model.isInt8()) {
      precision = "int8";
    }
    if (!PRECISIONS.contains(precision)) {
      throw common.wrong(
          "--precision must be one of %s, not '%s'%s"
              .formatted(
                  String.join(", ", PRECISIONS),
                  precision,
                  Suggestion.hint(precision, PRECISIONS)));
    }
    boolean int8 = precision.equals("int8");
    if (int8 && !work.equals("infer")) {
      throw common.wrong("--precision int8 belongs to infer: training is fp32 or amp");
    }
    boolean qat = precision.equals("qat");
    if (qat && !work.equals("train")) {
      throw common.wrong("--precision qat belongs to train: an answer is fp32, amp or int8");
    }
    Recipe recipe = recipe();
    ModelInfo info = model.info(recipe, classes);
    try (OpenDevice device = OpenDevice.of(common)) {
      Backend backend = device.backend();
      common.precision(recipe.compute().precision(), backend);
      execution.prepare(backend);
      BenchOutput out =
          common.json
              ? new BenchOutput.Json(spec.commandLine().getOut(), recipe, precision, backend)
              : new BenchOutput.Tables(recipe, precision, backend);
      switch (work) {
        case "train" ->
            out.step(StepBench.train(backend, recipe, info, execution.execution(), qat, budget));
        case "infer" ->
            out.step(
                int8
                    ? StepBench.inferInt8(backend, recipe, info, budget)
                    : StepBench.infer(backend, recipe, info, budget));
        case "launches" -> out.kernels(KernelBench.run(backend, recipe, info, budget));
        default -> {
          out.convolutions(ConvBench.run(backend, recipe, info, budget, out::convolution));
          out.step(
              StepBench.train(backend, recipe, info, execution.execution(), false, budget).alone());
        }
      }
    } catch (OutOfDeviceMemoryException e) {
      Supplier<Backend> again = () -> Devices.open(common.device(), common.threads());
      throw work.equals("infer")
          ? FittingBatch.explainInference(e, again, recipe, info)
          : FittingBatch.explainTraining(e, again, recipe, info, execution.execution(), qat);
    }
    return 0;
  }

  private void kernels() {
    if (!List.of("auto", "sim").contains(common.device())) {
      throw common.wrong("bench kernels measures the software GPU: use --device sim");
    }
    PrintWriter out = spec.commandLine().getOut();
    int threads =
        common.threads() > 0 ? common.threads() : Runtime.getRuntime().availableProcessors();
    KernelSpeed.run(threads, seconds)
        .forEach(
            s -> {
              out.println(common.json ? s.json() : s);
              out.flush();
            });
  }

  /** The recipe that {@code engine train} makes of the same options. */
  private Recipe recipe() {
    int n = batch != null ? batch : work.equals("infer") ? 1 : 32;
    String computed = List.of("int8", "qat").contains(precision) ? "fp32" : precision;
    Recipe r = model.recipe(common, n, work.equals("data") ? loader.data : "random");
    return common.checked(
        () ->
            r.with(r.data().withCacheImages(loader.cacheImages))
                .with(r.compute().withPrecision(computed)));
  }
}
