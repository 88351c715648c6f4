package engine.verify.self;

import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * An op of a device against the CPU's in fp32, on the same values.
 *
 * @param type that the first {@code typed} inputs have on the device; the CPU gets them rounded to
 *     it
 * @param inputs of the work
 */
record OpCheck(Devices on, Op op, DType type) implements Check {
  /** The device and the oracle. */
  record Devices(Backend device, Backend cpu) {}

  /** Results, all of them the caller's. */
  interface Work {
    List<Tensor> on(Backend b, Tensor[] inputs);
  }

  /**
   * What is computed.
   *
   * @param tolerance in fp32, see {@link Agreement}
   * @param typed how many of the inputs take the type of the computation; 0 where it is always fp32
   */
  record Op(String name, double tolerance, int typed, Work work, HostTensor... inputs) {}

  /** Half an ulp of a half is 2^-11; results go through a few of them. */
  private static final double F16 = 4e-3;

  private static final double BF16 = 3e-2;

  @Override
  public String name() {
    return "kernels/" + op.name + " " + word(type);
  }

  static String word(DType type) {
    return switch (type) {
      case F16 -> "fp16";
      case BF16 -> "bf16";
      default -> "fp32";
    };
  }

  /** What an op's results may be off by, see {@link Agreement}. */
  static double tolerance(DType type, double fp32) {
    return switch (type) {
      case F16 -> Math.max(F16, fp32);
      case BF16 -> Math.max(BF16, fp32);
      default -> fp32;
    };
  }

  @Override
  public String run() {
    Agreement agreement = new Agreement(tolerance(type, op.tolerance));
    List<HostTensor> expected = results(on.cpu, DType.F32);
    List<HostTensor> actual = results(on.device, type);
    List<HostTensor> again = results(on.device, type);
    for (int i = 0; i < expected.size(); i++) {
      agreement.compare("result " + i, expected.get(i), actual.get(i));
      Agreement.same("result " + i + " of a second run", actual.get(i), again.get(i));
    }
    return agreement.toString();
  }

  private List<HostTensor> results(Backend b, DType as) {
    Tensor[] x = new Tensor[op.inputs.length];
    for (int i = 0; i < x.length; i++) {
      boolean typed = i < op.typed;
      try (Tensor t =
          b.memory().upload(typed ? Drawing.rounded(op.inputs[i], type) : op.inputs[i])) {
        x[i] = typed ? b.memory().cast(t, as) : t.retain();
      }
    }
    List<Tensor> results = op.work.on(b, x);
    List<HostTensor> out = results.stream().map(b.memory()::download).toList();
    results.forEach(Tensor::close);
    Arrays.stream(x).forEach(Tensor::close);
    return out;
  }
}
