package engine.ffi;

import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * oneDNN 3.13, raw: C's names, C's values. Every function returns a {@code dnnl_status_t} unless
 * its name says otherwise. Loading this class unpacks and loads the library; set {@code
 * OMP_NUM_THREADS} before that.
 */
public final class Dnnl {
  public static final int dnnl_success = 0;
  public static final int dnnl_out_of_memory = 1;
  public static final int dnnl_invalid_arguments = 2;
  public static final int dnnl_unimplemented = 3;
  public static final int dnnl_f16 = 1;
  public static final int dnnl_bf16 = 2;
  public static final int dnnl_f32 = 3;
  public static final int dnnl_s32 = 4;
  public static final int dnnl_s8 = 5;
  public static final int dnnl_u8 = 6;
  public static final int dnnl_format_tag_any = 1;
  public static final int dnnl_nChw16c = 78;
  public static final int dnnl_nChw8c = 102;
  public static final int dnnl_nhwc = 22;
  public static final int dnnl_forward_training = 64;
  public static final int dnnl_forward_inference = 96;
  public static final int dnnl_backward = 128;
  public static final int dnnl_backward_data = 160;
  public static final int dnnl_convolution_direct = 1;
  public static final int dnnl_convolution_auto = 3;
  public static final int dnnl_eltwise_relu = 32;
  public static final int dnnl_eltwise_tanh = 33;
  public static final int dnnl_eltwise_linear = 38;
  public static final int dnnl_eltwise_hardsigmoid = 40;
  public static final int dnnl_eltwise_logistic = 41;
  public static final int dnnl_eltwise_swish = 44;
  public static final int dnnl_eltwise_clip_v2 = 47;
  public static final int dnnl_eltwise_gelu_erf = 49;
  public static final int dnnl_eltwise_hardswish = 52;
  public static final int dnnl_eltwise_relu_use_dst_for_bwd = 256;
  public static final int dnnl_eltwise_tanh_use_dst_for_bwd = 257;
  public static final int dnnl_eltwise_logistic_use_dst_for_bwd = 260;
  public static final int dnnl_pooling_max = 511;
  public static final int dnnl_pooling_avg_include_padding = 767;
  public static final int dnnl_pooling_avg_exclude_padding = 1023;
  public static final int dnnl_binary_add = 131056;
  public static final int dnnl_binary_mul = 131057;
  public static final int dnnl_binary_sub = 131061;
  public static final int dnnl_binary_div = 131060;
  public static final int dnnl_reduction_sum = 196596;
  public static final int dnnl_use_global_stats = 1;
  public static final int dnnl_use_scale = 2;
  public static final int dnnl_use_shift = 4;
  public static final int dnnl_fuse_norm_relu = 8;
  public static final int DNNL_ARG_SRC = 1;
  public static final int DNNL_ARG_SRC_1 = 2;
  public static final int DNNL_ARG_DST = 17;
  public static final int DNNL_ARG_WEIGHTS = 33;
  public static final int DNNL_ARG_BIAS = 41;
  public static final int DNNL_ARG_MEAN = 49;
  public static final int DNNL_ARG_VARIANCE = 50;
  public static final int DNNL_ARG_SCALE = 51;
  public static final int DNNL_ARG_SHIFT = 52;
  public static final int DNNL_ARG_WORKSPACE = 64;
  public static final int DNNL_ARG_SCRATCHPAD = 80;
  public static final int DNNL_ARG_DIFF_SRC = 129;
  public static final int DNNL_ARG_DIFF_DST = 145;
  public static final int DNNL_ARG_DIFF_WEIGHTS = 161;
  public static final int DNNL_ARG_DIFF_BIAS = 169;
  public static final int DNNL_ARG_DIFF_SCALE = 255;
  public static final int DNNL_ARG_DIFF_SHIFT = 256;
  public static final int DNNL_ARG_ATTR_SCALES = 4096;
  public static final int DNNL_ARG_ATTR_ZERO_POINTS = 8192;
  public static final int DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE = 32768;
  public static final int dnnl_query_impl_info_str = 8;
  public static final int dnnl_query_src_md = 129;
  public static final int dnnl_query_diff_src_md = 130;
  public static final int dnnl_query_weights_md = 131;
  public static final int dnnl_query_diff_weights_md = 132;
  public static final int dnnl_query_dst_md = 133;
  public static final int dnnl_query_diff_dst_md = 134;
  public static final int dnnl_query_workspace_md = 135;
  public static final int dnnl_query_scratchpad_md = 136;
  public static final int dnnl_scratchpad_mode_user = 1;
  public static final int dnnl_cpu = 1;
  public static final int dnnl_stream_default_flags = 1;
  public static final int dnnl_cpu_isa_avx2 = 7;
  public static final int dnnl_cpu_isa_avx2_vnni = 15;
  public static final int dnnl_cpu_isa_avx512_core = 39;
  public static final int dnnl_cpu_isa_avx512_core_vnni = 103;
  public static final int dnnl_cpu_isa_avx512_core_bf16 = 231;

  /** Bytes of a {@code dnnl_exec_arg_t}: int arg at 0, dnnl_memory_t at 8. */
  public static final int EXEC_ARG_BYTES = 16;

  /** Where the library was unpacked. */
  public static final Path FOLDER =
      NativeLibraries.unpack("org/bytedeco/dnnl/linux-x86_64", "libdnnl.so.3", "libgomp.so.1");

  private static final SymbolLookup LIB = NativeLibraries.open(FOLDER.resolve("libdnnl.so.3"));

  private static final MethodHandle dnnl_version$mh = Native.handle(LIB, "dnnl_version", "l");
  private static final MethodHandle dnnl_get_effective_cpu_isa$mh =
      Native.handle(LIB, "dnnl_get_effective_cpu_isa", "i");
  private static final MethodHandle dnnl_set_primitive_cache_capacity$mh =
      Native.handle(LIB, "dnnl_set_primitive_cache_capacity", "ii");
  private static final MethodHandle dnnl_engine_create$mh =
      Native.handle(LIB, "dnnl_engine_create", "ilil");
  private static final MethodHandle dnnl_stream_create$mh =
      Native.handle(LIB, "dnnl_stream_create", "illi");
  private static final MethodHandle dnnl_stream_wait$mh =
      Native.handle(LIB, "dnnl_stream_wait", "il");
  private static final MethodHandle dnnl_memory_desc_create_with_tag$mh =
      Native.handle(LIB, "dnnl_memory_desc_create_with_tag", "ililii");
  private static final MethodHandle dnnl_memory_desc_create_with_strides$mh =
      Native.handle(LIB, "dnnl_memory_desc_create_with_strides", "ililil");
  private static final MethodHandle dnnl_memory_desc_clone$mh =
      Native.handle(LIB, "dnnl_memory_desc_clone", "ill");
  private static final MethodHandle dnnl_memory_desc_destroy$mh =
      Native.handle(LIB, "dnnl_memory_desc_destroy", "il");
  private static final MethodHandle dnnl_memory_desc_get_blob$mh =
      Native.handle(LIB, "dnnl_memory_desc_get_blob", "illl");
  private static final MethodHandle dnnl_memory_desc_get_size$mh =
      Native.handle(LIB, "dnnl_memory_desc_get_size", "ll");
  private static final MethodHandle dnnl_memory_desc_query$mh =
      Native.handle(LIB, "dnnl_memory_desc_query", "ilil");
  private static final MethodHandle dnnl_memory_create$mh =
      Native.handle(LIB, "dnnl_memory_create", "illll");
  private static final MethodHandle dnnl_memory_set_data_handle$mh =
      Native.handle(LIB, "dnnl_memory_set_data_handle", "ill");
  private static final MethodHandle dnnl_memory_destroy$mh =
      Native.handle(LIB, "dnnl_memory_destroy", "il");
  private static final MethodHandle dnnl_primitive_attr_create$mh =
      Native.handle(LIB, "dnnl_primitive_attr_create", "il");
  private static final MethodHandle dnnl_primitive_attr_destroy$mh =
      Native.handle(LIB, "dnnl_primitive_attr_destroy", "il");
  private static final MethodHandle dnnl_primitive_attr_set_scratchpad_mode$mh =
      Native.handle(LIB, "dnnl_primitive_attr_set_scratchpad_mode", "ili");
  private static final MethodHandle dnnl_primitive_attr_set_post_ops$mh =
      Native.handle(LIB, "dnnl_primitive_attr_set_post_ops", "ill");
  private static final MethodHandle dnnl_primitive_attr_set_scales_mask$mh =
      Native.handle(LIB, "dnnl_primitive_attr_set_scales_mask", "ilii");
  private static final MethodHandle dnnl_primitive_attr_set_zero_points_mask$mh =
      Native.handle(LIB, "dnnl_primitive_attr_set_zero_points_mask", "ilii");
  private static final MethodHandle dnnl_post_ops_create$mh =
      Native.handle(LIB, "dnnl_post_ops_create", "il");
  private static final MethodHandle dnnl_post_ops_destroy$mh =
      Native.handle(LIB, "dnnl_post_ops_destroy", "il");
  private static final MethodHandle dnnl_post_ops_append_sum$mh =
      Native.handle(LIB, "dnnl_post_ops_append_sum", "ilfii");
  private static final MethodHandle dnnl_post_ops_append_eltwise$mh =
      Native.handle(LIB, "dnnl_post_ops_append_eltwise", "iliff");
  private static final MethodHandle dnnl_post_ops_append_binary$mh =
      Native.handle(LIB, "dnnl_post_ops_append_binary", "ilil");
  private static final MethodHandle dnnl_primitive_desc_query_md$mh =
      Native.handle(LIB, "dnnl_primitive_desc_query_md", "llii");
  private static final MethodHandle dnnl_primitive_desc_query$mh =
      Native.handle(LIB, "dnnl_primitive_desc_query", "iliil");
  private static final MethodHandle dnnl_primitive_desc_destroy$mh =
      Native.handle(LIB, "dnnl_primitive_desc_destroy", "il");
  private static final MethodHandle dnnl_primitive_create$mh =
      Native.handle(LIB, "dnnl_primitive_create", "ill");
  private static final MethodHandle dnnl_primitive_execute$mh =
      Native.handle(LIB, "dnnl_primitive_execute", "illil");
  private static final MethodHandle dnnl_primitive_destroy$mh =
      Native.handle(LIB, "dnnl_primitive_destroy", "il");
  private static final MethodHandle dnnl_reorder_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_reorder_primitive_desc_create", "illllll");
  private static final MethodHandle dnnl_convolution_forward_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_convolution_forward_primitive_desc_create", "illiilllllllll");
  private static final MethodHandle dnnl_convolution_backward_data_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_convolution_backward_data_primitive_desc_create", "illilllllllll");
  private static final MethodHandle dnnl_convolution_backward_weights_primitive_desc_create$mh =
      Native.handle(
          LIB, "dnnl_convolution_backward_weights_primitive_desc_create", "illillllllllll");
  private static final MethodHandle dnnl_batch_normalization_forward_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_batch_normalization_forward_primitive_desc_create", "illillfil");
  private static final MethodHandle dnnl_batch_normalization_backward_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_batch_normalization_backward_primitive_desc_create", "illilllfill");
  private static final MethodHandle dnnl_pooling_forward_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_pooling_forward_primitive_desc_create", "illiillllllll");
  private static final MethodHandle dnnl_pooling_backward_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_pooling_backward_primitive_desc_create", "illilllllllll");
  private static final MethodHandle dnnl_eltwise_forward_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_eltwise_forward_primitive_desc_create", "illiillffl");
  private static final MethodHandle dnnl_eltwise_backward_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_eltwise_backward_primitive_desc_create", "illilllffll");
  private static final MethodHandle dnnl_binary_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_binary_primitive_desc_create", "illillll");
  private static final MethodHandle dnnl_matmul_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_matmul_primitive_desc_create", "illlllll");
  private static final MethodHandle dnnl_reduction_primitive_desc_create$mh =
      Native.handle(LIB, "dnnl_reduction_primitive_desc_create", "illillffl");

  private Dnnl() {}

  public static long dnnl_version() {
    try {
      return (long) dnnl_version$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_get_effective_cpu_isa() {
    try {
      return (int) dnnl_get_effective_cpu_isa$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_set_primitive_cache_capacity(int capacity) {
    try {
      return (int) dnnl_set_primitive_cache_capacity$mh.invokeExact(capacity);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_engine_create(long engine, int kind, long index) {
    try {
      return (int) dnnl_engine_create$mh.invokeExact(engine, kind, index);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_stream_create(long stream, long engine, int flags) {
    try {
      return (int) dnnl_stream_create$mh.invokeExact(stream, engine, flags);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_stream_wait(long stream) {
    try {
      return (int) dnnl_stream_wait$mh.invokeExact(stream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_memory_desc_create_with_tag(
      long md, int ndims, long dims, int dataType, int tag) {
    try {
      return (int) dnnl_memory_desc_create_with_tag$mh.invokeExact(md, ndims, dims, dataType, tag);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_memory_desc_create_with_strides(
      long md, int ndims, long dims, int dataType, long strides) {
    try {
      return (int)
          dnnl_memory_desc_create_with_strides$mh.invokeExact(md, ndims, dims, dataType, strides);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_memory_desc_clone(long md, long existing) {
    try {
      return (int) dnnl_memory_desc_clone$mh.invokeExact(md, existing);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_memory_desc_destroy(long md) {
    try {
      return (int) dnnl_memory_desc_destroy$mh.invokeExact(md);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_memory_desc_get_blob(long blob, long size, long md) {
    try {
      return (int) dnnl_memory_desc_get_blob$mh.invokeExact(blob, size, md);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static long dnnl_memory_desc_get_size(long md) {
    try {
      return (long) dnnl_memory_desc_get_size$mh.invokeExact(md);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_memory_desc_query(long md, int what, long result) {
    try {
      return (int) dnnl_memory_desc_query$mh.invokeExact(md, what, result);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_memory_create(long memory, long md, long engine, long handle) {
    try {
      return (int) dnnl_memory_create$mh.invokeExact(memory, md, engine, handle);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_memory_set_data_handle(long memory, long handle) {
    try {
      return (int) dnnl_memory_set_data_handle$mh.invokeExact(memory, handle);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_memory_destroy(long memory) {
    try {
      return (int) dnnl_memory_destroy$mh.invokeExact(memory);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_attr_create(long attr) {
    try {
      return (int) dnnl_primitive_attr_create$mh.invokeExact(attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_attr_destroy(long attr) {
    try {
      return (int) dnnl_primitive_attr_destroy$mh.invokeExact(attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_attr_set_scratchpad_mode(long attr, int mode) {
    try {
      return (int) dnnl_primitive_attr_set_scratchpad_mode$mh.invokeExact(attr, mode);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_attr_set_post_ops(long attr, long postOps) {
    try {
      return (int) dnnl_primitive_attr_set_post_ops$mh.invokeExact(attr, postOps);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_attr_set_scales_mask(long attr, int arg, int mask) {
    try {
      return (int) dnnl_primitive_attr_set_scales_mask$mh.invokeExact(attr, arg, mask);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_attr_set_zero_points_mask(long attr, int arg, int mask) {
    try {
      return (int) dnnl_primitive_attr_set_zero_points_mask$mh.invokeExact(attr, arg, mask);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_post_ops_create(long postOps) {
    try {
      return (int) dnnl_post_ops_create$mh.invokeExact(postOps);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_post_ops_destroy(long postOps) {
    try {
      return (int) dnnl_post_ops_destroy$mh.invokeExact(postOps);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_post_ops_append_sum(
      long postOps, float scale, int zeroPoint, int dataType) {
    try {
      return (int) dnnl_post_ops_append_sum$mh.invokeExact(postOps, scale, zeroPoint, dataType);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_post_ops_append_eltwise(long postOps, int alg, float alpha, float beta) {
    try {
      return (int) dnnl_post_ops_append_eltwise$mh.invokeExact(postOps, alg, alpha, beta);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_post_ops_append_binary(long postOps, int alg, long src1Desc) {
    try {
      return (int) dnnl_post_ops_append_binary$mh.invokeExact(postOps, alg, src1Desc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static long dnnl_primitive_desc_query_md(long primitiveDesc, int what, int index) {
    try {
      return (long) dnnl_primitive_desc_query_md$mh.invokeExact(primitiveDesc, what, index);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_desc_query(
      long primitiveDesc, int what, int index, long result) {
    try {
      return (int) dnnl_primitive_desc_query$mh.invokeExact(primitiveDesc, what, index, result);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_desc_destroy(long primitiveDesc) {
    try {
      return (int) dnnl_primitive_desc_destroy$mh.invokeExact(primitiveDesc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_create(long primitive, long primitiveDesc) {
    try {
      return (int) dnnl_primitive_create$mh.invokeExact(primitive, primitiveDesc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_execute(long primitive, long stream, int nargs, long args) {
    try {
      return (int) dnnl_primitive_execute$mh.invokeExact(primitive, stream, nargs, args);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_primitive_destroy(long primitive) {
    try {
      return (int) dnnl_primitive_destroy$mh.invokeExact(primitive);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_reorder_primitive_desc_create(
      long pd, long src, long srcEngine, long dst, long dstEngine, long attr) {
    try {
      return (int)
          dnnl_reorder_primitive_desc_create$mh.invokeExact(
              pd, src, srcEngine, dst, dstEngine, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_convolution_forward_primitive_desc_create(
      long pd,
      long engine,
      int propKind,
      int alg,
      long src,
      long weights,
      long bias,
      long dst,
      long strides,
      long dilates,
      long paddingL,
      long paddingR,
      long attr) {
    try {
      return (int)
          dnnl_convolution_forward_primitive_desc_create$mh.invokeExact(
              pd, engine, propKind, alg, src, weights, bias, dst, strides, dilates, paddingL,
              paddingR, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_convolution_backward_data_primitive_desc_create(
      long pd,
      long engine,
      int alg,
      long diffSrc,
      long weights,
      long diffDst,
      long strides,
      long dilates,
      long paddingL,
      long paddingR,
      long hint,
      long attr) {
    try {
      return (int)
          dnnl_convolution_backward_data_primitive_desc_create$mh.invokeExact(
              pd, engine, alg, diffSrc, weights, diffDst, strides, dilates, paddingL, paddingR,
              hint, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_convolution_backward_weights_primitive_desc_create(
      long pd,
      long engine,
      int alg,
      long src,
      long diffWeights,
      long diffBias,
      long diffDst,
      long strides,
      long dilates,
      long paddingL,
      long paddingR,
      long hint,
      long attr) {
    try {
      return (int)
          dnnl_convolution_backward_weights_primitive_desc_create$mh.invokeExact(
              pd,
              engine,
              alg,
              src,
              diffWeights,
              diffBias,
              diffDst,
              strides,
              dilates,
              paddingL,
              paddingR,
              hint,
              attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_batch_normalization_forward_primitive_desc_create(
      long pd, long engine, int propKind, long src, long dst, float epsilon, int flags, long attr) {
    try {
      return (int)
          dnnl_batch_normalization_forward_primitive_desc_create$mh.invokeExact(
              pd, engine, propKind, src, dst, epsilon, flags, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_batch_normalization_backward_primitive_desc_create(
      long pd,
      long engine,
      int propKind,
      long diffSrc,
      long diffDst,
      long src,
      float epsilon,
      int flags,
      long hint,
      long attr) {
    try {
      return (int)
          dnnl_batch_normalization_backward_primitive_desc_create$mh.invokeExact(
              pd, engine, propKind, diffSrc, diffDst, src, epsilon, flags, hint, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_pooling_forward_primitive_desc_create(
      long pd,
      long engine,
      int propKind,
      int alg,
      long src,
      long dst,
      long strides,
      long kernel,
      long dilation,
      long paddingL,
      long paddingR,
      long attr) {
    try {
      return (int)
          dnnl_pooling_forward_primitive_desc_create$mh.invokeExact(
              pd, engine, propKind, alg, src, dst, strides, kernel, dilation, paddingL, paddingR,
              attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_pooling_backward_primitive_desc_create(
      long pd,
      long engine,
      int alg,
      long diffSrc,
      long diffDst,
      long strides,
      long kernel,
      long dilation,
      long paddingL,
      long paddingR,
      long hint,
      long attr) {
    try {
      return (int)
          dnnl_pooling_backward_primitive_desc_create$mh.invokeExact(
              pd, engine, alg, diffSrc, diffDst, strides, kernel, dilation, paddingL, paddingR,
              hint, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_eltwise_forward_primitive_desc_create(
      long pd,
      long engine,
      int propKind,
      int alg,
      long src,
      long dst,
      float alpha,
      float beta,
      long attr) {
    try {
      return (int)
          dnnl_eltwise_forward_primitive_desc_create$mh.invokeExact(
              pd, engine, propKind, alg, src, dst, alpha, beta, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_eltwise_backward_primitive_desc_create(
      long pd,
      long engine,
      int alg,
      long diffSrc,
      long diffDst,
      long data,
      float alpha,
      float beta,
      long hint,
      long attr) {
    try {
      return (int)
          dnnl_eltwise_backward_primitive_desc_create$mh.invokeExact(
              pd, engine, alg, diffSrc, diffDst, data, alpha, beta, hint, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_binary_primitive_desc_create(
      long pd, long engine, int alg, long src0, long src1, long dst, long attr) {
    try {
      return (int)
          dnnl_binary_primitive_desc_create$mh.invokeExact(pd, engine, alg, src0, src1, dst, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_matmul_primitive_desc_create(
      long pd, long engine, long src, long weights, long bias, long dst, long attr) {
    try {
      return (int)
          dnnl_matmul_primitive_desc_create$mh.invokeExact(
              pd, engine, src, weights, bias, dst, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int dnnl_reduction_primitive_desc_create(
      long pd, long engine, int alg, long src, long dst, float p, float eps, long attr) {
    try {
      return (int)
          dnnl_reduction_primitive_desc_create$mh.invokeExact(
              pd, engine, alg, src, dst, p, eps, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
