package engine.verify.self;

import engine.backend.Backend;
import engine.backend.UnsupportedOnDeviceException;
import engine.base.UserError;
import engine.tensor.DType;
import engine.verify.self.Finding.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Everything that a device does for training and answers, checked without reference files: against
 * the CPU, against itself another way, and against itself once more. New memory is full of NaN
 * meanwhile, so that what is added to instead of written shows.
 */
public final class SelfCheck {
  private static final List<DType> TYPES = List.of(DType.F32, DType.F16, DType.BF16);

  /** Devices that would take hours for a real ResNet-50. */
  private static final Set<String> SLOW = Set.of("sim", "cpu");

  private static final double FP32_LOSS = 1e-4;
  private static final double FP32_GRADIENT = 1e-2;

  /** The groups that checks' names begin with. */
  public static final List<String> GROUPS = List.of("kernels", "convolutions", "training");

  private static final double HALF_LOSS = 2e-2;

  private final Backend device;
  private final Backend cpu;
  private final Size size;

  /**
   * @param cpu the oracle; the device itself may be one, too
   */
  public SelfCheck(Backend device, Backend cpu) {
    this.device = device;
    this.cpu = cpu;
    this.size = SLOW.contains(device.name()) ? Size.THIN : Size.REAL;
  }

  /**
   * Runs checks; one that fails stops no other.
   *
   * @param wanted which, by their names
   * @param each is told of each at its end
   */
  public void run(Predicate<String> wanted, Consumer<Finding> each) {
    device.memory().poison(true);
    try {
      checks().stream().filter(c -> wanted.test(c.name())).forEach(c -> each.accept(find(c)));
    } finally {
      device.memory().poison(false);
    }
  }

  private List<Check> checks() {
    List<Check> all = new ArrayList<>();
    OpCheck.Devices on = new OpCheck.Devices(device, cpu);
    Drawing draw = new Drawing();
    List<OpCheck.Op> ops = new ArrayList<>(new ArithmeticOps(draw).all());
    ops.addAll(new LayerOps(draw).all());
    ops.addAll(new OptimizerOps(draw).all());
    ops.addAll(new MemoryOps(draw).all());
    for (OpCheck.Op op : ops) {
      for (DType t : op.typed() == 0 ? List.of(DType.F32) : TYPES) {
        all.add(new OpCheck(on, op, t));
      }
    }
    for (DType t : TYPES) {
      all.add(new PictureCheck(device, t));
    }
    all.add(new Int8Check(on));
    for (Trial.Layer layer : Trial.layers(cpu, size)) {
      for (DType t : TYPES) {
        all.add(new FusionCheck(device, layer, size.batch(), t));
      }
    }
    var fp32 = new StepCheck.Way(device, DType.F32);
    var right = new StepCheck.Way(cpu, DType.F32);
    all.add(new StepCheck(fp32, right, size, FP32_LOSS, FP32_GRADIENT));
    var half = new StepCheck.Way(device, DType.F16);
    all.add(new StepCheck(half, fp32, size, HALF_LOSS, size.gradientTolerance()));
    all.add(new ReplayCheck(device, size, "fp32"));
    all.add(new ReplayCheck(device, size, "amp"));
    all.add(new OverflowCheck(device));
    all.add(new KernelsSeen(device));
    return all;
  }

  private Finding find(Check c) {
    long start = System.nanoTime();
    long live = device.memory().liveTensors();
    Verdict verdict = Verdict.PASSED;
    String detail;
    try {
      detail = c.run();
      long left = device.memory().liveTensors() - live;
      if (left != 0) {
        verdict = Verdict.FAILED;
        detail = left + " tensors were left open";
      }
    } catch (UnsupportedOnDeviceException e) {
      verdict = Verdict.ABSENT;
      detail = e.getMessage();
    } catch (UserError e) {
      String refused = device.halfPrecision().refused().get(c.type());
      verdict = refused == null ? Verdict.FAILED : Verdict.ABSENT;
      detail = refused == null ? e.getMessage() : refused;
    } catch (RuntimeException e) {
      verdict = Verdict.FAILED;
      detail = e.getMessage() == null ? e.toString() : e.getMessage();
    }
    return new Finding(c.name(), verdict, detail, (System.nanoTime() - start) / 1e9);
  }
}
