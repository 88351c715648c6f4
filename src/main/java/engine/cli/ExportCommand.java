package engine.cli;

import com.google.gson.JsonObject;
import engine.console.Units;
import engine.convert.ModelExport;
import engine.infer.Int8Model;
import engine.infer.LoadedModel;
import engine.onnx.OnnxExport;
import engine.recipe.Precision;
import engine.run.ModelFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine export}: a checkpoint as an ONNX file. */
@Command(
    name = "export",
    description =
        "Writes a checkpoint as ONNX: fp32, or int8 as QuantizeLinear and DequantizeLinear.",
    footer = {
      "",
      "Examples:",
      "  engine export --checkpoint runs/demo-resnet50 demo.onnx",
      "  engine export --checkpoint runs/photos-int8/qat photos-int8.onnx --with-preprocessing",
      "",
      "Input \"input\" and output \"output\" take any batch. The file is read back and compared with",
      "the engine before it gets its name."
    })
final class ExportCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The file to write, such as model.onnx.")
  private Path file;

  @Option(
      names = "--checkpoint",
      paramLabel = "PATH",
      description =
          "A run folder, a checkpoint folder or a model.safetensors, fp32 or int8, or weights of torchvision or timm.")
  private Path checkpoint;

  @Mixin private ModelFileOptions told;

  @Option(
      names = "--opset",
      paramLabel = "N",
      description =
          "Version of ONNX's operators, 13 to 22 (default 17; 18 with --with-preprocessing).")
  private Integer opset;

  @Option(
      names = "--keep-norms",
      description = "Write batch norms as nodes of their own rather than folded.")
  private boolean keepNorms;

  @Option(names = "--softmax", description = "Give probabilities rather than logits.")
  private boolean softmax;

  @Option(
      names = "--byte-sums",
      description =
          "Of an int8 checkpoint: round what a residual sum adds, too. ONNX Runtime is then about twice as fast, but an answer in a hundred differs from the engine's.")
  private boolean byteSums;

  @Option(
      names = "--external-data",
      description = "Put the weights into FILE.data (done anyway above 2 GB).")
  private boolean external;

  @Option(
      names = "--with-preprocessing",
      description =
          "Take u8 pictures [batch, height, width, channels] of any size: resize, crop and normalise in the graph. For runtimes that know the attribute antialias of Resize, as ONNX Runtime does.")
  private boolean withPreprocessing;

  @Option(
      names = "--image-size",
      paramLabel = "N",
      description =
          "Side of the input (default: that of the checkpoint's crop; any, where it crops nothing).")
  private Integer imageSize;

  @Option(names = "--force", description = "Overwrite an existing file.")
  private boolean force;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    told.check(common);
    told.requireOne(checkpoint, common);
    OutputFile.ONNX.require(common, "export", file);
    OnnxExport.requireFree(file, force);
    checkpoint = told.one(checkpoint, common);
    ModelFile read = ModelFile.read(checkpoint, told.said());
    read.notes().forEach(n -> common.err().println("engine: " + n));
    try (OpenDevice device = OpenDevice.of(common);
        LoadedModel model = LoadedModel.load(device.backend(), read, Precision.FP32, 0)) {
      common.notices(List.of(model));
      var options = common.checked(() -> options(model));
      ModelExport export = new ModelExport(device.backend(), model, options);
      ModelExport.Result r = export.write(file, checkpoint, Version.number(), force);
      print(r, options);
      if (withPreprocessing) {
        common
            .err()
            .println(
                "engine: warning: the graph shrinks pictures by Resize with antialias=1, which ONNX Runtime computes and OpenVINO and TensorRT pass over, with other answers: for those leave --with-preprocessing out and resize before");
      }
    }
    return 0;
  }

  private OnnxExport.Options options(LoadedModel model) {
    var t = model.info().preprocessing();
    if (imageSize != null && imageSize < 1) {
      throw common.wrong("--image-size must be at least 1, not " + imageSize);
    }
    if (byteSums && !(model instanceof Int8Model)) {
      throw common.wrong("--byte-sums belongs to an int8 checkpoint, which engine quantize makes");
    }
    int side = imageSize != null ? imageSize : t.crop();
    return new OnnxExport.Options(
        opset != null ? opset : withPreprocessing ? 18 : 17,
        keepNorms,
        softmax,
        byteSums,
        external,
        withPreprocessing ? ModelExport.preprocessing(t) : null,
        new OnnxExport.Size(side, side));
  }

  private void print(ModelExport.Result r, OnnxExport.Options options) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    long bytes = 0;
    for (Path p : r.files()) {
      bytes += Files.size(p);
    }
    if (common.json) {
      JsonObject o = new JsonObject();
      o.addProperty("file", file.toString());
      o.addProperty("bytes", bytes);
      o.addProperty("opset", options.opset());
      o.addProperty("worst", r.worst());
      out.println(o);
    } else {
      out.println(
          r.byLayer()
              ? "%s: %s, opset %d; read back, each layer agrees with the engine to a step of its bytes"
                  .formatted(file, Units.bytes(bytes), options.opset())
              : "%s: %s, opset %d; read back, it agrees with the engine within %.1g of the largest answer"
                  .formatted(file, Units.bytes(bytes), options.opset(), r.worst()));
    }
    out.flush();
  }
}
