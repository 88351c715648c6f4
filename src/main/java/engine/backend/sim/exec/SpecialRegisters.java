package engine.backend.sim.exec;

import engine.backend.sim.exec.Registers.File;
import engine.backend.sim.exec.Registers.Slot;
import engine.backend.sim.ptx.Operand;

/** The values of the read-only registers (PTX ISA, chapter 10). */
final class SpecialRegisters {
  private SpecialRegisters() {}

  static void fill(Warp w) {
    Registers registers = w.block.grid().kernel().registers();
    for (String name : registers.specials()) {
      Slot slot = registers.of(new Operand.Special(name));
      for (int lane = 0; lane < Warp.LANES; lane++) {
        long v = value(name, w, lane);
        if (slot.file() == File.WIDE) {
          w.d[Warp.LANES * slot.number() + lane] = v;
        } else {
          w.r[Warp.LANES * slot.number() + lane] = (int) v;
        }
      }
    }
  }

  static boolean isKnown(String name) {
    return switch (name) {
      case "%tid.x",
          "%tid.y",
          "%tid.z",
          "%ntid.x",
          "%ntid.y",
          "%ntid.z",
          "%ctaid.x",
          "%ctaid.y",
          "%ctaid.z",
          "%nctaid.x",
          "%nctaid.y",
          "%nctaid.z",
          "%laneid",
          "%warpid",
          "%nwarpid",
          "%smid",
          "%nsmid",
          "%gridid",
          "%lanemask_eq",
          "%lanemask_le",
          "%lanemask_lt",
          "%lanemask_ge",
          "%lanemask_gt",
          "%clock",
          "%clock64",
          "%globaltimer",
          "%dynamic_smem_size",
          "%total_smem_size",
          "WARP_SZ" ->
          true;
      default -> false;
    };
  }

  private static long value(String name, Warp w, int lane) {
    Block b = w.block;
    Dim thread = b.thread(w.thread(lane));
    Dim threads = b.grid().blockSize();
    return switch (name) {
      case "%tid.x" -> thread.x();
      case "%tid.y" -> thread.y();
      case "%tid.z" -> thread.z();
      case "%ntid.x" -> threads.x();
      case "%ntid.y" -> threads.y();
      case "%ntid.z" -> threads.z();
      case "%ctaid.x" -> b.index().x();
      case "%ctaid.y" -> b.index().y();
      case "%ctaid.z" -> b.index().z();
      case "%nctaid.x" -> b.grid().gridSize().x();
      case "%nctaid.y" -> b.grid().gridSize().y();
      case "%nctaid.z" -> b.grid().gridSize().z();
      case "%laneid" -> lane;
      case "%warpid" -> w.number;
      case "%nwarpid" -> (threads.count() + Warp.LANES - 1) / Warp.LANES;
      case "%nsmid" -> 1;
      case "%lanemask_eq" -> 1L << lane;
      case "%lanemask_le" -> (2L << lane) - 1;
      case "%lanemask_lt" -> (1L << lane) - 1;
      case "%lanemask_ge" -> -1L << lane;
      case "%lanemask_gt" -> -2L << lane;
      case "%dynamic_smem_size" -> b.grid().dynamicSharedBytes();
      case "%total_smem_size" -> b.grid().sharedBytes();
      case "WARP_SZ" -> Warp.LANES;
      // a simulated clock would only pretend: it stands still
      default -> 0;
    };
  }
}
