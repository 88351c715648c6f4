package engine.backend.cpu.dnnl;

import engine.backend.HalfPrecision;
import engine.backend.cpu.runtime.Raw;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import java.util.EnumMap;
import java.util.Map;

/** The version and instruction set that oneDNN reports. */
public final class DnnlVersion {
  private DnnlVersion() {}

  public static String text() {
    long v = Dnnl.dnnl_version();
    return Raw.i32(v, 0) + "." + Raw.i32(v, 1) + "." + Raw.i32(v, 2) + " (" + isa() + ")";
  }

  static String isa() {
    int isa = Dnnl.dnnl_get_effective_cpu_isa();
    if (has(isa, Dnnl.dnnl_cpu_isa_avx512_core_bf16)) {
      return "AVX-512 with bf16";
    }
    if (has(isa, Dnnl.dnnl_cpu_isa_avx512_core_vnni)) {
      return "AVX-512 with VNNI";
    }
    if (has(isa, Dnnl.dnnl_cpu_isa_avx512_core)) {
      return "AVX-512";
    }
    return has(isa, Dnnl.dnnl_cpu_isa_avx2) ? "AVX2" : "SSE4.1";
  }

  /** What the instruction set that oneDNN uses makes of half precision. */
  public static HalfPrecision halfPrecision() {
    return halfPrecision(Dnnl.dnnl_get_effective_cpu_isa());
  }

  /**
   * @param isa a {@code dnnl_cpu_isa_t}
   */
  public static HalfPrecision halfPrecision(int isa) {
    String none = "this processor has no bf16 instructions";
    boolean emulated = has(isa, Dnnl.dnnl_cpu_isa_avx512_core);
    Map<DType, String> refused = new EnumMap<>(DType.class);
    refused.put(DType.F16, "oneDNN, the library of the CPU device, has no fp16 convolution");
    if (!emulated) {
      refused.put(DType.BF16, none + " nor AVX-512 to emulate them with");
    }
    return new HalfPrecision(
        DType.BF16,
        refused,
        emulated && !has(isa, Dnnl.dnnl_cpu_isa_avx512_core_bf16)
            ? Map.of(DType.BF16, none)
            : Map.of());
  }

  private static boolean has(int isa, int bits) {
    return (isa & bits) == bits;
  }
}
