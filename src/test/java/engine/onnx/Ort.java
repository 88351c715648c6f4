package engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import engine.tensor.HostTensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** ONNX Runtime's answers, and how far answers are apart. */
public final class Ort {
  private Ort() {}

  /** What the model in {@code file} gives for {@code x}. */
  public static float[] run(Path file, HostTensor x) throws OrtException {
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Its threads would spin beside the engine's.
      options.setIntraOpNumThreads(1);
      try (OrtSession s = env.createSession(file.toString(), options);
          OnnxTensor in =
              OnnxTensor.createTensor(env, FloatBuffer.wrap(x.toFloats()), x.shape().dims());
          OrtSession.Result r = s.run(Map.of("input", in))) {
        FloatBuffer out = ((OnnxTensor) r.get("output").orElseThrow()).getFloatBuffer();
        float[] y = new float[out.remaining()];
        out.get(y);
        return y;
      }
    }
  }

  /** How many nodes of each op it makes of a model. */
  static Map<String, Long> optimized(Path file) throws IOException, OrtException {
    Path made = file.resolveSibling("optimized.onnx");
    OrtEnvironment env = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // It would warn that what it writes is for this machine only.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      options.setOptimizedModelFilePath(made.toString());
      env.createSession(file.toString(), options).close();
    }
    return OnnxReader.read(made).graph().nodes().stream()
        .collect(Collectors.groupingBy(OnnxModel.Node::op, Collectors.counting()));
  }

  /** The largest difference as a share of the largest value. */
  public static double distance(float[] a, float[] b) {
    assertEquals(a.length, b.length);
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
      largest = Math.max(largest, Math.abs(a[i]));
    }
    return worst / largest;
  }

  /** Noise of [n, 3, side, side]. */
  static HostTensor images(int n, int side, long seed) {
    SplittableRandom r = new SplittableRandom(seed);
    float[] x = new float[n * 3 * side * side];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) r.nextGaussian();
    }
    return HostTensor.of(x, n, 3, side, side);
  }
}
