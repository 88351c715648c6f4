package engine.ffi;

import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * oneDNN, libdnnl.so.3, raw: C's names, C's values, pointers as {@code long}.
 *
 * <p>Generated from {@code jextract/dnnl.h} by {@code java jextract/Generate.java}: edit
 * that header, not this file.
 */
public final class Dnnl {
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
  public static final int dnnl_cpu = 1;
  public static final int dnnl_stream_default_flags = 1;
  public static final int dnnl_format_tag_any = 1;
  public static final int dnnl_nhwc = 22;
  public static final int dnnl_nChw16c = 78;
  public static final int dnnl_nChw8c = 102;
  public static final int dnnl_forward_training = 64;
  public static final int dnnl_forward_inference = 96;
  public static final int dnnl_backward = 128;
  public static final int dnnl_backward_data = 160;
  public static final int dnnl_convolution_direct = 1;
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
  public static final int dnnl_eltwise_clip_v2_use_dst_for_bwd = 262;
  public static final int dnnl_pooling_max = 511;
  public static final int dnnl_pooling_avg_exclude_padding = 1023;
  public static final int dnnl_binary_add = 131056;
  public static final int dnnl_binary_mul = 131057;
  public static final int dnnl_binary_div = 131060;
  public static final int dnnl_binary_sub = 131061;
  public static final int dnnl_use_global_stats = 1;
  public static final int dnnl_use_scale = 2;
  public static final int dnnl_use_shift = 4;
  public static final int dnnl_fuse_norm_relu = 8;
  public static final int dnnl_scratchpad_mode_user = 1;
  public static final int dnnl_query_impl_info_str = 8;
  public static final int dnnl_query_src_md = 129;
  public static final int dnnl_query_diff_src_md = 130;
  public static final int dnnl_query_weights_md = 131;
  public static final int dnnl_query_diff_weights_md = 132;
  public static final int dnnl_query_dst_md = 133;
  public static final int dnnl_query_diff_dst_md = 134;
  public static final int dnnl_query_workspace_md = 135;
  public static final int dnnl_query_scratchpad_md = 136;
  public static final int dnnl_cpu_isa_avx2 = 7;
  public static final int dnnl_cpu_isa_avx2_vnni = 15;
  public static final int dnnl_cpu_isa_avx512_core = 39;
  public static final int dnnl_cpu_isa_avx512_core_vnni = 103;
  public static final int dnnl_cpu_isa_avx512_core_bf16 = 231;

  /** {@code dnnl_exec_arg_t}, with C's padding; fields by their names. */
  public static final StructLayout dnnl_exec_arg_t =
      Native.struct(
          "il", "arg", "memory");

  private static final MethodHandle dnnl_version$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_version", "l");
  private static final MethodHandle dnnl_get_effective_cpu_isa$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_get_effective_cpu_isa", "i");
  private static final MethodHandle dnnl_engine_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_engine_create", "ilil");
  private static final MethodHandle dnnl_stream_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_stream_create", "illi");
  private static final MethodHandle dnnl_memory_desc_create_with_tag$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_memory_desc_create_with_tag", "ililii");
  private static final MethodHandle dnnl_memory_desc_create_with_strides$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_memory_desc_create_with_strides", "ililil");
  private static final MethodHandle dnnl_memory_desc_clone$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_memory_desc_clone", "ill");
  private static final MethodHandle dnnl_memory_desc_get_blob$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_memory_desc_get_blob", "illl");
  private static final MethodHandle dnnl_memory_desc_get_size$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_memory_desc_get_size", "ll");
  private static final MethodHandle dnnl_memory_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_memory_create", "illll");
  private static final MethodHandle dnnl_memory_set_data_handle$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_memory_set_data_handle", "ill");
  private static final MethodHandle dnnl_memory_destroy$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_memory_destroy", "il");
  private static final MethodHandle dnnl_primitive_attr_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_attr_create", "il");
  private static final MethodHandle dnnl_primitive_attr_destroy$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_attr_destroy", "il");
  private static final MethodHandle dnnl_primitive_attr_set_scratchpad_mode$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_attr_set_scratchpad_mode", "ili");
  private static final MethodHandle dnnl_primitive_attr_set_post_ops$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_attr_set_post_ops", "ill");
  private static final MethodHandle dnnl_primitive_attr_set_scales_mask$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_attr_set_scales_mask", "ilii");
  private static final MethodHandle dnnl_primitive_attr_set_zero_points_mask$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_attr_set_zero_points_mask", "ilii");
  private static final MethodHandle dnnl_post_ops_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_post_ops_create", "il");
  private static final MethodHandle dnnl_post_ops_destroy$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_post_ops_destroy", "il");
  private static final MethodHandle dnnl_post_ops_append_sum$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_post_ops_append_sum", "ilfii");
  private static final MethodHandle dnnl_post_ops_append_eltwise$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_post_ops_append_eltwise", "iliff");
  private static final MethodHandle dnnl_primitive_desc_query_md$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_desc_query_md", "llii");
  private static final MethodHandle dnnl_primitive_desc_query$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_desc_query", "iliil");
  private static final MethodHandle dnnl_primitive_desc_destroy$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_desc_destroy", "il");
  private static final MethodHandle dnnl_primitive_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_create", "ill");
  private static final MethodHandle dnnl_primitive_execute$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_execute", "illil");
  private static final MethodHandle dnnl_primitive_destroy$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_primitive_destroy", "il");
  private static final MethodHandle dnnl_reorder_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_reorder_primitive_desc_create", "illllll");
  private static final MethodHandle dnnl_convolution_forward_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_convolution_forward_primitive_desc_create", "illiilllllllll");
  private static final MethodHandle dnnl_convolution_backward_data_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_convolution_backward_data_primitive_desc_create", "illilllllllll");
  private static final MethodHandle dnnl_convolution_backward_weights_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_convolution_backward_weights_primitive_desc_create", "illillllllllll");
  private static final MethodHandle dnnl_batch_normalization_forward_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_batch_normalization_forward_primitive_desc_create", "illillfil");
  private static final MethodHandle dnnl_batch_normalization_backward_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_batch_normalization_backward_primitive_desc_create", "illilllfill");
  private static final MethodHandle dnnl_pooling_forward_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_pooling_forward_primitive_desc_create", "illiillllllll");
  private static final MethodHandle dnnl_pooling_backward_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_pooling_backward_primitive_desc_create", "illilllllllll");
  private static final MethodHandle dnnl_eltwise_forward_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_eltwise_forward_primitive_desc_create", "illiillffl");
  private static final MethodHandle dnnl_eltwise_backward_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_eltwise_backward_primitive_desc_create", "illilllffll");
  private static final MethodHandle dnnl_binary_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_binary_primitive_desc_create", "illillll");
  private static final MethodHandle dnnl_matmul_primitive_desc_create$mh = Native.handle(DnnlLibrary.DNNL, "dnnl_matmul_primitive_desc_create", "illlllll");

  private Dnnl() {}

  /** {@code const dnnl_version_t * dnnl_version()}. */
  public static long dnnl_version() {
    try {
      return (long) dnnl_version$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_cpu_isa_t dnnl_get_effective_cpu_isa()}. */
  public static int dnnl_get_effective_cpu_isa() {
    try {
      return (int) dnnl_get_effective_cpu_isa$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_engine_create(dnnl_engine_t *engine, dnnl_engine_kind_t kind, size_t index)}. */
  public static int dnnl_engine_create(long engine, int kind, long index) {
    try {
      return (int) dnnl_engine_create$mh.invokeExact(engine, kind, index);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_stream_create(dnnl_stream_t *stream, dnnl_engine_t engine, unsigned flags)}. */
  public static int dnnl_stream_create(long stream, long engine, int flags) {
    try {
      return (int) dnnl_stream_create$mh.invokeExact(stream, engine, flags);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_memory_desc_create_with_tag(dnnl_memory_desc_t *memory_desc, int ndims, const dnnl_dims_t dims, dnnl_data_type_t data_type, dnnl_format_tag_t tag)}. */
  public static int dnnl_memory_desc_create_with_tag(long memory_desc, int ndims, long dims, int data_type, int tag) {
    try {
      return (int) dnnl_memory_desc_create_with_tag$mh.invokeExact(memory_desc, ndims, dims, data_type, tag);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_memory_desc_create_with_strides(dnnl_memory_desc_t *memory_desc, int ndims, const dnnl_dims_t dims, dnnl_data_type_t data_type, const dnnl_dims_t strides)}. */
  public static int dnnl_memory_desc_create_with_strides(long memory_desc, int ndims, long dims, int data_type, long strides) {
    try {
      return (int) dnnl_memory_desc_create_with_strides$mh.invokeExact(memory_desc, ndims, dims, data_type, strides);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_memory_desc_clone(dnnl_memory_desc_t *memory_desc, const_dnnl_memory_desc_t existing_memory_desc)}. */
  public static int dnnl_memory_desc_clone(long memory_desc, long existing_memory_desc) {
    try {
      return (int) dnnl_memory_desc_clone$mh.invokeExact(memory_desc, existing_memory_desc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_memory_desc_get_blob(uint8_t *blob, size_t *size, const_dnnl_memory_desc_t memory_desc)}. */
  public static int dnnl_memory_desc_get_blob(long blob, long size, long memory_desc) {
    try {
      return (int) dnnl_memory_desc_get_blob$mh.invokeExact(blob, size, memory_desc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code size_t dnnl_memory_desc_get_size(const_dnnl_memory_desc_t memory_desc)}. */
  public static long dnnl_memory_desc_get_size(long memory_desc) {
    try {
      return (long) dnnl_memory_desc_get_size$mh.invokeExact(memory_desc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_memory_create(dnnl_memory_t *memory, const_dnnl_memory_desc_t memory_desc, dnnl_engine_t engine, void *handle)}. */
  public static int dnnl_memory_create(long memory, long memory_desc, long engine, long handle) {
    try {
      return (int) dnnl_memory_create$mh.invokeExact(memory, memory_desc, engine, handle);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_memory_set_data_handle(dnnl_memory_t memory, void *handle)}. */
  public static int dnnl_memory_set_data_handle(long memory, long handle) {
    try {
      return (int) dnnl_memory_set_data_handle$mh.invokeExact(memory, handle);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_memory_destroy(dnnl_memory_t memory)}. */
  public static int dnnl_memory_destroy(long memory) {
    try {
      return (int) dnnl_memory_destroy$mh.invokeExact(memory);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_attr_create(dnnl_primitive_attr_t *attr)}. */
  public static int dnnl_primitive_attr_create(long attr) {
    try {
      return (int) dnnl_primitive_attr_create$mh.invokeExact(attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_attr_destroy(dnnl_primitive_attr_t attr)}. */
  public static int dnnl_primitive_attr_destroy(long attr) {
    try {
      return (int) dnnl_primitive_attr_destroy$mh.invokeExact(attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_attr_set_scratchpad_mode(dnnl_primitive_attr_t attr, dnnl_scratchpad_mode_t mode)}. */
  public static int dnnl_primitive_attr_set_scratchpad_mode(long attr, int mode) {
    try {
      return (int) dnnl_primitive_attr_set_scratchpad_mode$mh.invokeExact(attr, mode);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_attr_set_post_ops(dnnl_primitive_attr_t attr, const_dnnl_post_ops_t post_ops)}. */
  public static int dnnl_primitive_attr_set_post_ops(long attr, long post_ops) {
    try {
      return (int) dnnl_primitive_attr_set_post_ops$mh.invokeExact(attr, post_ops);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_attr_set_scales_mask(dnnl_primitive_attr_t attr, int arg, int mask)}. */
  public static int dnnl_primitive_attr_set_scales_mask(long attr, int arg, int mask) {
    try {
      return (int) dnnl_primitive_attr_set_scales_mask$mh.invokeExact(attr, arg, mask);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_attr_set_zero_points_mask(dnnl_primitive_attr_t attr, int arg, int mask)}. */
  public static int dnnl_primitive_attr_set_zero_points_mask(long attr, int arg, int mask) {
    try {
      return (int) dnnl_primitive_attr_set_zero_points_mask$mh.invokeExact(attr, arg, mask);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_post_ops_create(dnnl_post_ops_t *post_ops)}. */
  public static int dnnl_post_ops_create(long post_ops) {
    try {
      return (int) dnnl_post_ops_create$mh.invokeExact(post_ops);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_post_ops_destroy(dnnl_post_ops_t post_ops)}. */
  public static int dnnl_post_ops_destroy(long post_ops) {
    try {
      return (int) dnnl_post_ops_destroy$mh.invokeExact(post_ops);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_post_ops_append_sum(dnnl_post_ops_t post_ops, float scale, int32_t zero_point, dnnl_data_type_t data_type)}. */
  public static int dnnl_post_ops_append_sum(long post_ops, float scale, int zero_point, int data_type) {
    try {
      return (int) dnnl_post_ops_append_sum$mh.invokeExact(post_ops, scale, zero_point, data_type);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_post_ops_append_eltwise(dnnl_post_ops_t post_ops, dnnl_alg_kind_t alg_kind, float alpha, float beta)}. */
  public static int dnnl_post_ops_append_eltwise(long post_ops, int alg_kind, float alpha, float beta) {
    try {
      return (int) dnnl_post_ops_append_eltwise$mh.invokeExact(post_ops, alg_kind, alpha, beta);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code const_dnnl_memory_desc_t dnnl_primitive_desc_query_md(const_dnnl_primitive_desc_t primitive_desc, dnnl_query_t what, int index)}. */
  public static long dnnl_primitive_desc_query_md(long primitive_desc, int what, int index) {
    try {
      return (long) dnnl_primitive_desc_query_md$mh.invokeExact(primitive_desc, what, index);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_desc_query(const_dnnl_primitive_desc_t primitive_desc, dnnl_query_t what, int index, void *result)}. */
  public static int dnnl_primitive_desc_query(long primitive_desc, int what, int index, long result) {
    try {
      return (int) dnnl_primitive_desc_query$mh.invokeExact(primitive_desc, what, index, result);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_desc_destroy(dnnl_primitive_desc_t primitive_desc)}. */
  public static int dnnl_primitive_desc_destroy(long primitive_desc) {
    try {
      return (int) dnnl_primitive_desc_destroy$mh.invokeExact(primitive_desc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_create(dnnl_primitive_t *primitive, const_dnnl_primitive_desc_t primitive_desc)}. */
  public static int dnnl_primitive_create(long primitive, long primitive_desc) {
    try {
      return (int) dnnl_primitive_create$mh.invokeExact(primitive, primitive_desc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_execute(const_dnnl_primitive_t primitive, dnnl_stream_t stream, int nargs, const dnnl_exec_arg_t *args)}. */
  public static int dnnl_primitive_execute(long primitive, long stream, int nargs, long args) {
    try {
      return (int) dnnl_primitive_execute$mh.invokeExact(primitive, stream, nargs, args);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_primitive_destroy(dnnl_primitive_t primitive)}. */
  public static int dnnl_primitive_destroy(long primitive) {
    try {
      return (int) dnnl_primitive_destroy$mh.invokeExact(primitive);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_reorder_primitive_desc_create(dnnl_primitive_desc_t *reorder_primitive_desc, const_dnnl_memory_desc_t src_desc, dnnl_engine_t src_engine, const_dnnl_memory_desc_t dst_desc, dnnl_engine_t dst_engine, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_reorder_primitive_desc_create(long reorder_primitive_desc, long src_desc, long src_engine, long dst_desc, long dst_engine, long attr) {
    try {
      return (int) dnnl_reorder_primitive_desc_create$mh.invokeExact(reorder_primitive_desc, src_desc, src_engine, dst_desc, dst_engine, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_convolution_forward_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, dnnl_prop_kind_t prop_kind, dnnl_alg_kind_t alg_kind, const_dnnl_memory_desc_t src_desc, const_dnnl_memory_desc_t weights_desc, const_dnnl_memory_desc_t bias_desc, const_dnnl_memory_desc_t dst_desc, const dnnl_dims_t strides, const dnnl_dims_t dilates, const dnnl_dims_t padding_l, const dnnl_dims_t padding_r, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_convolution_forward_primitive_desc_create(long primitive_desc, long engine, int prop_kind, int alg_kind, long src_desc, long weights_desc, long bias_desc, long dst_desc, long strides, long dilates, long padding_l, long padding_r, long attr) {
    try {
      return (int) dnnl_convolution_forward_primitive_desc_create$mh.invokeExact(primitive_desc, engine, prop_kind, alg_kind, src_desc, weights_desc, bias_desc, dst_desc, strides, dilates, padding_l, padding_r, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_convolution_backward_data_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, dnnl_alg_kind_t alg_kind, const_dnnl_memory_desc_t diff_src_desc, const_dnnl_memory_desc_t weights_desc, const_dnnl_memory_desc_t diff_dst_desc, const dnnl_dims_t strides, const dnnl_dims_t dilates, const dnnl_dims_t padding_l, const dnnl_dims_t padding_r, const_dnnl_primitive_desc_t hint_fwd_pd, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_convolution_backward_data_primitive_desc_create(long primitive_desc, long engine, int alg_kind, long diff_src_desc, long weights_desc, long diff_dst_desc, long strides, long dilates, long padding_l, long padding_r, long hint_fwd_pd, long attr) {
    try {
      return (int) dnnl_convolution_backward_data_primitive_desc_create$mh.invokeExact(primitive_desc, engine, alg_kind, diff_src_desc, weights_desc, diff_dst_desc, strides, dilates, padding_l, padding_r, hint_fwd_pd, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_convolution_backward_weights_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, dnnl_alg_kind_t alg_kind, const_dnnl_memory_desc_t src_desc, const_dnnl_memory_desc_t diff_weights_desc, const_dnnl_memory_desc_t diff_bias_desc, const_dnnl_memory_desc_t diff_dst_desc, const dnnl_dims_t strides, const dnnl_dims_t dilates, const dnnl_dims_t padding_l, const dnnl_dims_t padding_r, const_dnnl_primitive_desc_t hint_fwd_pd, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_convolution_backward_weights_primitive_desc_create(long primitive_desc, long engine, int alg_kind, long src_desc, long diff_weights_desc, long diff_bias_desc, long diff_dst_desc, long strides, long dilates, long padding_l, long padding_r, long hint_fwd_pd, long attr) {
    try {
      return (int) dnnl_convolution_backward_weights_primitive_desc_create$mh.invokeExact(primitive_desc, engine, alg_kind, src_desc, diff_weights_desc, diff_bias_desc, diff_dst_desc, strides, dilates, padding_l, padding_r, hint_fwd_pd, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_batch_normalization_forward_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, dnnl_prop_kind_t prop_kind, const_dnnl_memory_desc_t src_desc, const_dnnl_memory_desc_t dst_desc, float epsilon, unsigned flags, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_batch_normalization_forward_primitive_desc_create(long primitive_desc, long engine, int prop_kind, long src_desc, long dst_desc, float epsilon, int flags, long attr) {
    try {
      return (int) dnnl_batch_normalization_forward_primitive_desc_create$mh.invokeExact(primitive_desc, engine, prop_kind, src_desc, dst_desc, epsilon, flags, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_batch_normalization_backward_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, dnnl_prop_kind_t prop_kind, const_dnnl_memory_desc_t diff_src_desc, const_dnnl_memory_desc_t diff_dst_desc, const_dnnl_memory_desc_t src_desc, float epsilon, unsigned flags, const_dnnl_primitive_desc_t hint_fwd_pd, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_batch_normalization_backward_primitive_desc_create(long primitive_desc, long engine, int prop_kind, long diff_src_desc, long diff_dst_desc, long src_desc, float epsilon, int flags, long hint_fwd_pd, long attr) {
    try {
      return (int) dnnl_batch_normalization_backward_primitive_desc_create$mh.invokeExact(primitive_desc, engine, prop_kind, diff_src_desc, diff_dst_desc, src_desc, epsilon, flags, hint_fwd_pd, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_pooling_forward_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, dnnl_prop_kind_t prop_kind, dnnl_alg_kind_t alg_kind, const_dnnl_memory_desc_t src_desc, const_dnnl_memory_desc_t dst_desc, const dnnl_dims_t strides, const dnnl_dims_t kernel, const dnnl_dims_t dilation, const dnnl_dims_t padding_l, const dnnl_dims_t padding_r, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_pooling_forward_primitive_desc_create(long primitive_desc, long engine, int prop_kind, int alg_kind, long src_desc, long dst_desc, long strides, long kernel, long dilation, long padding_l, long padding_r, long attr) {
    try {
      return (int) dnnl_pooling_forward_primitive_desc_create$mh.invokeExact(primitive_desc, engine, prop_kind, alg_kind, src_desc, dst_desc, strides, kernel, dilation, padding_l, padding_r, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_pooling_backward_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, dnnl_alg_kind_t alg_kind, const_dnnl_memory_desc_t diff_src_desc, const_dnnl_memory_desc_t diff_dst_desc, const dnnl_dims_t strides, const dnnl_dims_t kernel, const dnnl_dims_t dilation, const dnnl_dims_t padding_l, const dnnl_dims_t padding_r, const_dnnl_primitive_desc_t hint_fwd_pd, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_pooling_backward_primitive_desc_create(long primitive_desc, long engine, int alg_kind, long diff_src_desc, long diff_dst_desc, long strides, long kernel, long dilation, long padding_l, long padding_r, long hint_fwd_pd, long attr) {
    try {
      return (int) dnnl_pooling_backward_primitive_desc_create$mh.invokeExact(primitive_desc, engine, alg_kind, diff_src_desc, diff_dst_desc, strides, kernel, dilation, padding_l, padding_r, hint_fwd_pd, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_eltwise_forward_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, dnnl_prop_kind_t prop_kind, dnnl_alg_kind_t alg_kind, const_dnnl_memory_desc_t src_desc, const_dnnl_memory_desc_t dst_desc, float alpha, float beta, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_eltwise_forward_primitive_desc_create(long primitive_desc, long engine, int prop_kind, int alg_kind, long src_desc, long dst_desc, float alpha, float beta, long attr) {
    try {
      return (int) dnnl_eltwise_forward_primitive_desc_create$mh.invokeExact(primitive_desc, engine, prop_kind, alg_kind, src_desc, dst_desc, alpha, beta, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_eltwise_backward_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, dnnl_alg_kind_t alg_kind, const_dnnl_memory_desc_t diff_src_desc, const_dnnl_memory_desc_t diff_dst_desc, const_dnnl_memory_desc_t data_desc, float alpha, float beta, const_dnnl_primitive_desc_t hint_fwd_pd, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_eltwise_backward_primitive_desc_create(long primitive_desc, long engine, int alg_kind, long diff_src_desc, long diff_dst_desc, long data_desc, float alpha, float beta, long hint_fwd_pd, long attr) {
    try {
      return (int) dnnl_eltwise_backward_primitive_desc_create$mh.invokeExact(primitive_desc, engine, alg_kind, diff_src_desc, diff_dst_desc, data_desc, alpha, beta, hint_fwd_pd, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_binary_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, dnnl_alg_kind_t alg_kind, const_dnnl_memory_desc_t src0_desc, const_dnnl_memory_desc_t src1_desc, const_dnnl_memory_desc_t dst_desc, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_binary_primitive_desc_create(long primitive_desc, long engine, int alg_kind, long src0_desc, long src1_desc, long dst_desc, long attr) {
    try {
      return (int) dnnl_binary_primitive_desc_create$mh.invokeExact(primitive_desc, engine, alg_kind, src0_desc, src1_desc, dst_desc, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code dnnl_status_t dnnl_matmul_primitive_desc_create(dnnl_primitive_desc_t *primitive_desc, dnnl_engine_t engine, const_dnnl_memory_desc_t src_desc, const_dnnl_memory_desc_t weights_desc, const_dnnl_memory_desc_t bias_desc, const_dnnl_memory_desc_t dst_desc, const_dnnl_primitive_attr_t attr)}. */
  public static int dnnl_matmul_primitive_desc_create(long primitive_desc, long engine, long src_desc, long weights_desc, long bias_desc, long dst_desc, long attr) {
    try {
      return (int) dnnl_matmul_primitive_desc_create$mh.invokeExact(primitive_desc, engine, src_desc, weights_desc, bias_desc, dst_desc, attr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
