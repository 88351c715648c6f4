package engine.verify;

import engine.backend.Backend;
import engine.onnx.OnnxInterpreter;
import engine.onnx.OnnxModel;
import engine.onnx.OnnxReader;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.io.IOException;

/**
 * Group {@code onnx}: files that another exporter wrote are read, and give the outputs that their
 * own runtime gave.
 */
public final class OnnxCases implements CaseRunner {
  private final Backend backend;

  /**
   * @param backend the device to run on; the caller's
   */
  public OnnxCases(Backend backend) {
    this.backend = backend;
  }

  @Override
  public boolean knows(ReferenceCase c) {
    return c.op().equals("onnx") && c.files().containsKey("onnx");
  }

  @Override
  public void run(ReferenceCase c, Checks checks) throws IOException {
    long before = backend.memory().liveTensors();
    OnnxModel model = OnnxReader.read(c.files().get("onnx"));
    var attrs = c.attrs();
    checks.scalar(
        "constants",
        attrs.get("n_initializers").getAsInt(),
        model.graph().initializers().size(),
        0);
    for (var e : attrs.getAsJsonObject("ops").entrySet()) {
      long n = model.graph().nodes().stream().filter(k -> k.op().equals(e.getKey())).count();
      checks.scalar(e.getKey() + " nodes", e.getValue().getAsInt(), n, 0);
    }
    OnnxInterpreter run = new OnnxInterpreter(backend, model, null);
    checks.array("out.output", run.run(c.in("input")));
    checks.array("out.output_batch1", run.run(first(c)));
    checks.that("every tensor was closed", backend.memory().liveTensors() == before);
  }

  private static HostTensor first(ReferenceCase c) {
    var x = c.in("input");
    long[] dims = x.shape().dims();
    long n = dims[0];
    dims[0] = 1;
    return new HostTensor(x.dtype(), Shape.of(dims), x.data().asSlice(0, x.data().byteSize() / n));
  }
}
