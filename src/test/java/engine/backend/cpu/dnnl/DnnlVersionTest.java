package engine.backend.cpu.dnnl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.HalfPrecision;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What instruction sets make of half precision. */
final class DnnlVersionTest {
  @Test
  void bf16IsFastSlowOrAbsentByTheInstructionSet() {
    HalfPrecision fast = DnnlVersion.halfPrecision(Dnnl.dnnl_cpu_isa_avx512_core_bf16);
    assertEquals(Map.of(), fast.slow());
    HalfPrecision emulated = DnnlVersion.halfPrecision(Dnnl.dnnl_cpu_isa_avx512_core_vnni);
    assertEquals(Map.of(DType.BF16, "this processor has no bf16 instructions"), emulated.slow());
    HalfPrecision absent = DnnlVersion.halfPrecision(Dnnl.dnnl_cpu_isa_avx2);
    assertTrue(absent.refused().containsKey(DType.BF16));
    for (HalfPrecision h : new HalfPrecision[] {fast, emulated, absent}) {
      assertEquals(DType.BF16, h.amp());
      assertTrue(h.refused().get(DType.F16).contains("no fp16 convolution"));
    }
  }
}
