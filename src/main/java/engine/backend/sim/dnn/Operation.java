package engine.backend.sim.dnn;

import engine.backend.sim.math.CpuMath;
import java.util.List;

/** A node of an operation graph: which tensors it reads and writes, and what it computes. */
interface Operation {
  /** What people call it, such as {@code convolution forward}. */
  String name();

  List<DnnTensor> inputs();

  List<DnnTensor> outputs();

  /**
   * Whether engines of compute capability 8.6 exist for it alone.
   *
   * @throws DnnError {@code NOT_SUPPORTED...} with the reason
   */
  void checkSupport();

  /** Computes outputs from inputs. */
  void run(Values values, CpuMath cpu);
}
