package engine.cli;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.base.UserError;
import engine.data.image.ImageDecoder;
import engine.report.console.Units;
import engine.train.Ensemble;
import engine.train.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine predict}: pictures in, classes out. */
@Command(
    name = "predict",
    description = "Says what is on pictures; several checkpoints vote with their mean probability.",
    footer = {
      "",
      "Examples:",
      "  engine predict --checkpoint runs/demo-resnet50 picture.jpg",
      "  engine predict --checkpoint runs/a --checkpoint runs/b --top 3 folder --json",
      "",
      "Exits with 1 if any picture could not be read."
    })
final class PredictCommand implements Callable<Integer> {
  @Option(
      names = "--checkpoint",
      required = true,
      paramLabel = "PATH",
      description =
          "A run folder, a checkpoint folder or a model.safetensors; may be given several times.")
  private List<Path> checkpoints;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "5",
      description = "How many classes to print (default 5).")
  private int top;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      defaultValue = "fp32",
      description =
          "fp32, amp (the half precision that suits the device), bf16 or fp16 (default fp32).")
  private String precision;

  @Parameters(paramLabel = "PICTURE", arity = "1..*", description = "Pictures, or folders of them.")
  private List<Path> inputs;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (top < 1) {
      throw common.wrong("--top must be at least 1, not " + top);
    }
    common.check(() -> Precision.check(precision));
    List<Path> pictures = pictures();
    int unread = 0;
    try (OpenDevice device = OpenDevice.of(common);
        Ensemble models =
            Ensemble.load(
                device.backend(), checkpoints, common.precision(precision, device.backend()))) {
      for (Path p : pictures) {
        try {
          print(p, models.predict(ImageDecoder.decode(p, true)), models.classes());
        } catch (IOException e) {
          unread++;
          spec.commandLine().getErr().println("engine: " + e.getMessage());
        }
      }
    }
    return unread == 0 ? 0 : Errors.FAILED;
  }

  private List<Path> pictures() throws IOException {
    List<Path> out = new ArrayList<>();
    for (Path p : inputs) {
      if (Files.isDirectory(p)) {
        try (Stream<Path> s = Files.walk(p, FileVisitOption.FOLLOW_LINKS)) {
          s.filter(f -> Files.isRegularFile(f) && ImageDecoder.looksLikeImage(f))
              .sorted()
              .forEach(out::add);
        }
      } else if (Files.exists(p)) {
        out.add(p);
      } else {
        throw new UserError("there is no file " + p + ": check the name");
      }
    }
    if (out.isEmpty()) {
      throw new UserError(
          "there are no pictures in "
              + inputs.getFirst()
              + ": name picture files or a folder of them");
    }
    return out;
  }

  private void print(Path file, double[] probabilities, List<String> classes) {
    PrintWriter out = spec.commandLine().getOut();
    int[] best = Ensemble.best(probabilities, Math.min(top, classes.size()));
    if (common.json) {
      JsonObject o = new JsonObject();
      o.addProperty("file", file.toString());
      JsonArray a = new JsonArray();
      for (int c : best) {
        JsonObject k = new JsonObject();
        k.addProperty("class", classes.get(c));
        k.addProperty("probability", probabilities[c]);
        a.add(k);
      }
      o.add("top", a);
      out.println(new Gson().toJson(o));
    } else {
      StringBuilder line = new StringBuilder(file.toString());
      for (int c : best) {
        line.append("  ")
            .append(classes.get(c))
            .append(' ')
            .append(Units.percent(probabilities[c]));
      }
      out.println(line);
    }
    out.flush();
  }
}
