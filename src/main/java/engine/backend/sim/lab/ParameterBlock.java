package engine.backend.sim.lab;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import engine.backend.sim.exec.CompiledKernel;
import engine.backend.sim.memory.Allocation;
import engine.backend.sim.memory.DeviceMemory;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** Lays a launch's arguments out as the kernel declares them, its buffers in device memory. */
final class ParameterBlock {
  private final CompiledKernel kernel;
  private final DeviceMemory memory;
  private final Map<Argument.Buffer, Long> addresses = new HashMap<>();

  ParameterBlock(CompiledKernel kernel, DeviceMemory memory) {
    this.kernel = kernel;
    this.memory = memory;
  }

  byte[] of(KernelLaunch launch) {
    int declared = kernel.ptx().parameters().size();
    if (launch.arguments().size() != declared) {
      throw new IllegalArgumentException(
          "%s has %d parameters, not %d"
              .formatted(launch.kernel(), declared, launch.arguments().size()));
    }
    ByteBuffer block = ByteBuffer.allocate(kernel.parameterBytes()).order(ByteOrder.nativeOrder());
    for (int i = 0; i < declared; i++) {
      int end = put(block, kernel.offset(i), launch.arguments().get(i));
      int bytes = (end - kernel.offset(i) + 7) / 8 * 8;
      if (end - kernel.offset(i) != kernel.bytes(i) && bytes != kernel.bytes(i)) {
        throw new IllegalArgumentException(
            "parameter %d of %s has %d bytes, not %d"
                .formatted(i, launch.kernel(), kernel.bytes(i), end - kernel.offset(i)));
      }
    }
    return block.array();
  }

  /** Returns the place after it. */
  private int put(ByteBuffer block, int at, Argument a) {
    return switch (a) {
      case Argument.Scalar(long bits, int bytes) -> {
        int here = align(at, bytes);
        if (bytes == 8) {
          block.putLong(here, bits);
        } else {
          block.putInt(here, (int) bits);
        }
        yield here + bytes;
      }
      case Argument.Buffer b -> {
        int here = align(at, 8);
        block.putLong(here, addresses.computeIfAbsent(b, this::place));
        yield here + 8;
      }
      case Argument.Struct s -> {
        int here = at;
        for (Argument field : s.fields()) {
          here = put(block, here, field);
        }
        yield here;
      }
    };
  }

  private long place(Argument.Buffer b) {
    Allocation a = memory.allocate(b.bytes(), "argument");
    if (b.content() != null) {
      memory.slice(a.offset(), b.bytes()).copyFrom(MemorySegment.ofArray(b.content()));
      memory.writtenRange(a.offset(), b.bytes());
    }
    return a.offset() + DeviceMemory.BASE;
  }

  private static int align(int at, int to) {
    return (at + to - 1) / to * to;
  }
}
