package engine.backend.cpu;

import engine.ffi.Dnnl;

/** The version and instruction set that oneDNN reports. */
final class DnnlVersion {
  private DnnlVersion() {}

  static String text() {
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

  private static boolean has(int isa, int bits) {
    return (isa & bits) == bits;
  }
}
