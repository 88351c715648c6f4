package engine.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * cuDNN's backend API, libcudnn.so.9, raw: C's names, C's values, pointers as {@code long}.
 *
 * <p>Generated from {@code jextract/cudnn.h} by {@code java jextract/Generate.java}: edit
 * that header, not this file.
 */
public final class Cudnn {
  public static final int CUDNN_STATUS_SUCCESS = 0;
  public static final int CUDNN_STATUS_NOT_INITIALIZED = 1001;
  public static final int CUDNN_STATUS_SUBLIBRARY_VERSION_MISMATCH = 1002;
  public static final int CUDNN_STATUS_SERIALIZATION_VERSION_MISMATCH = 1003;
  public static final int CUDNN_STATUS_DEPRECATED = 1004;
  public static final int CUDNN_STATUS_LICENSE_ERROR = 1005;
  public static final int CUDNN_STATUS_RUNTIME_IN_PROGRESS = 1006;
  public static final int CUDNN_STATUS_RUNTIME_FP_OVERFLOW = 1007;
  public static final int CUDNN_STATUS_SUBLIBRARY_LOADING_FAILED = 1008;
  public static final int CUDNN_STATUS_BAD_PARAM = 2000;
  public static final int CUDNN_STATUS_BAD_PARAM_NULL_POINTER = 2002;
  public static final int CUDNN_STATUS_BAD_PARAM_MISALIGNED_POINTER = 2003;
  public static final int CUDNN_STATUS_BAD_PARAM_NOT_FINALIZED = 2004;
  public static final int CUDNN_STATUS_BAD_PARAM_OUT_OF_BOUND = 2005;
  public static final int CUDNN_STATUS_BAD_PARAM_SIZE_INSUFFICIENT = 2006;
  public static final int CUDNN_STATUS_BAD_PARAM_STREAM_MISMATCH = 2007;
  public static final int CUDNN_STATUS_BAD_PARAM_SHAPE_MISMATCH = 2008;
  public static final int CUDNN_STATUS_BAD_PARAM_DUPLICATED_ENTRIES = 2009;
  public static final int CUDNN_STATUS_BAD_PARAM_ATTRIBUTE_TYPE = 2010;
  public static final int CUDNN_STATUS_BAD_PARAM_CUDA_GRAPH_MISMATCH = 2011;
  public static final int CUDNN_STATUS_BAD_PARAM_DESCRIPTOR_TYPE = 2012;
  public static final int CUDNN_STATUS_NOT_SUPPORTED = 3000;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_GRAPH_PATTERN = 3001;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_SHAPE = 3002;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_DATA_TYPE = 3003;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_LAYOUT = 3004;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_INCOMPATIBLE_CUDA_DRIVER = 3005;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_INCOMPATIBLE_CUDART = 3006;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_ARCH_MISMATCH = 3007;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_RUNTIME_PREREQUISITE_MISSING = 3008;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_SUBLIBRARY_UNAVAILABLE = 3009;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_SHARED_MEMORY_INSUFFICIENT = 3010;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_PADDING = 3011;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_BAD_LAUNCH_PARAM = 3012;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_CUDA_GRAPH_NATIVE_API = 3013;
  public static final int CUDNN_STATUS_NOT_SUPPORTED_INVALID_DYNAMIC_SHAPE = 3014;
  public static final int CUDNN_STATUS_INTERNAL_ERROR = 4000;
  public static final int CUDNN_STATUS_INTERNAL_ERROR_COMPILATION_FAILED = 4001;
  public static final int CUDNN_STATUS_INTERNAL_ERROR_UNEXPECTED_VALUE = 4002;
  public static final int CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED = 4003;
  public static final int CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED = 4004;
  public static final int CUDNN_STATUS_INTERNAL_ERROR_BAD_LAUNCH_PARAM = 4005;
  public static final int CUDNN_STATUS_INTERNAL_ERROR_TEXTURE_CREATION_FAILED = 4006;
  public static final int CUDNN_STATUS_EXECUTION_FAILED = 5000;
  public static final int CUDNN_STATUS_EXECUTION_FAILED_CUDA_DRIVER = 5001;
  public static final int CUDNN_STATUS_EXECUTION_FAILED_CUBLAS = 5002;
  public static final int CUDNN_STATUS_EXECUTION_FAILED_CUDART = 5003;
  public static final int CUDNN_STATUS_EXECUTION_FAILED_CURAND = 5004;
  public static final int CUDNN_DATA_FLOAT = 0;
  public static final int CUDNN_DATA_DOUBLE = 1;
  public static final int CUDNN_DATA_HALF = 2;
  public static final int CUDNN_DATA_INT8 = 3;
  public static final int CUDNN_DATA_INT32 = 4;
  public static final int CUDNN_DATA_UINT8 = 6;
  public static final int CUDNN_DATA_BFLOAT16 = 9;
  public static final int CUDNN_DATA_INT64 = 10;
  public static final int CUDNN_DATA_BOOLEAN = 11;
  public static final int CUDNN_CONVOLUTION = 0;
  public static final int CUDNN_CROSS_CORRELATION = 1;
  public static final int CUDNN_POINTWISE_ADD = 0;
  public static final int CUDNN_POINTWISE_DIV = 6;
  public static final int CUDNN_POINTWISE_MAX = 3;
  public static final int CUDNN_POINTWISE_MIN = 2;
  public static final int CUDNN_POINTWISE_MUL = 1;
  public static final int CUDNN_POINTWISE_SUB = 9;
  public static final int CUDNN_POINTWISE_ABS = 10;
  public static final int CUDNN_POINTWISE_EXP = 13;
  public static final int CUDNN_POINTWISE_LOG = 15;
  public static final int CUDNN_POINTWISE_NEG = 16;
  public static final int CUDNN_POINTWISE_SQRT = 4;
  public static final int CUDNN_POINTWISE_IDENTITY = 21;
  public static final int CUDNN_POINTWISE_RECIPROCAL = 22;
  public static final int CUDNN_POINTWISE_RELU_FWD = 100;
  public static final int CUDNN_POINTWISE_TANH_FWD = 101;
  public static final int CUDNN_POINTWISE_SIGMOID_FWD = 102;
  public static final int CUDNN_POINTWISE_RELU_BWD = 200;
  public static final int CUDNN_POINTWISE_CMP_EQ = 300;
  public static final int CUDNN_POINTWISE_CMP_NEQ = 301;
  public static final int CUDNN_POINTWISE_CMP_GT = 302;
  public static final int CUDNN_POINTWISE_CMP_GE = 303;
  public static final int CUDNN_POINTWISE_CMP_LT = 304;
  public static final int CUDNN_POINTWISE_CMP_LE = 305;
  public static final int CUDNN_POINTWISE_BINARY_SELECT = 601;
  public static final int CUDNN_REDUCE_TENSOR_ADD = 0;
  public static final int CUDNN_REDUCE_TENSOR_MIN = 2;
  public static final int CUDNN_REDUCE_TENSOR_MAX = 3;
  public static final int CUDNN_REDUCE_TENSOR_AMAX = 4;
  public static final int CUDNN_REDUCE_TENSOR_AVG = 5;
  public static final int CUDNN_GENSTATS_SUM_SQSUM = 0;
  public static final int CUDNN_BATCH_NORM = 2;
  public static final int CUDNN_NORM_FWD_TRAINING = 1;
  public static final int CUDNN_HEUR_MODE_INSTANT = 0;
  public static final int CUDNN_HEUR_MODE_B = 1;
  public static final int CUDNN_HEUR_MODE_FALLBACK = 2;
  public static final int CUDNN_HEUR_MODE_A = 3;
  public static final int CUDNN_NUMERICAL_NOTE_TENSOR_CORE = 0;
  public static final int CUDNN_NUMERICAL_NOTE_DOWN_CONVERT_INPUTS = 1;
  public static final int CUDNN_NUMERICAL_NOTE_REDUCED_PRECISION_REDUCTION = 2;
  public static final int CUDNN_NUMERICAL_NOTE_NONDETERMINISTIC = 4;
  public static final int CUDNN_ATTR_POINTWISE_MODE = 0;
  public static final int CUDNN_ATTR_POINTWISE_MATH_PREC = 1;
  public static final int CUDNN_ATTR_POINTWISE_NAN_PROPAGATION = 2;
  public static final int CUDNN_ATTR_POINTWISE_RELU_LOWER_CLIP = 3;
  public static final int CUDNN_ATTR_POINTWISE_RELU_UPPER_CLIP = 4;
  public static final int CUDNN_ATTR_POINTWISE_RELU_LOWER_CLIP_SLOPE = 5;
  public static final int CUDNN_ATTR_POINTWISE_AXIS = 9;
  public static final int CUDNN_ATTR_CONVOLUTION_COMP_TYPE = 100;
  public static final int CUDNN_ATTR_CONVOLUTION_CONV_MODE = 101;
  public static final int CUDNN_ATTR_CONVOLUTION_DILATIONS = 102;
  public static final int CUDNN_ATTR_CONVOLUTION_FILTER_STRIDES = 103;
  public static final int CUDNN_ATTR_CONVOLUTION_POST_PADDINGS = 104;
  public static final int CUDNN_ATTR_CONVOLUTION_PRE_PADDINGS = 105;
  public static final int CUDNN_ATTR_CONVOLUTION_SPATIAL_DIMS = 106;
  public static final int CUDNN_ATTR_ENGINEHEUR_MODE = 200;
  public static final int CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH = 201;
  public static final int CUDNN_ATTR_ENGINEHEUR_RESULTS = 202;
  public static final int CUDNN_ATTR_ENGINEHEUR_DEVICEPROP = 204;
  public static final int CUDNN_ATTR_ENGINECFG_ENGINE = 300;
  public static final int CUDNN_ATTR_ENGINECFG_KNOB_CHOICES = 302;
  public static final int CUDNN_ATTR_ENGINECFG_WORKSPACE_SIZE = 303;
  public static final int CUDNN_ATTR_EXECUTION_PLAN_HANDLE = 400;
  public static final int CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG = 401;
  public static final int CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE = 402;
  public static final int CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION = 405;
  public static final int CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP = 407;
  public static final int CUDNN_ATTR_KNOB_CHOICE_KNOB_TYPE = 600;
  public static final int CUDNN_ATTR_KNOB_CHOICE_KNOB_VALUE = 601;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_ALPHA = 700;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_BETA = 701;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_CONV_DESC = 702;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_W = 703;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_X = 704;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_FORWARD_Y = 705;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_ALPHA = 706;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_BETA = 707;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_CONV_DESC = 708;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_W = 709;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DX = 710;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_DATA_DY = 711;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_ALPHA = 712;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_BETA = 713;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_CONV_DESC = 714;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DW = 715;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_X = 716;
  public static final int CUDNN_ATTR_OPERATION_CONVOLUTION_BWD_FILTER_DY = 717;
  public static final int CUDNN_ATTR_OPERATION_POINTWISE_PW_DESCRIPTOR = 750;
  public static final int CUDNN_ATTR_OPERATION_POINTWISE_XDESC = 751;
  public static final int CUDNN_ATTR_OPERATION_POINTWISE_BDESC = 752;
  public static final int CUDNN_ATTR_OPERATION_POINTWISE_YDESC = 753;
  public static final int CUDNN_ATTR_OPERATION_POINTWISE_ALPHA1 = 754;
  public static final int CUDNN_ATTR_OPERATION_POINTWISE_ALPHA2 = 755;
  public static final int CUDNN_ATTR_OPERATION_POINTWISE_DXDESC = 756;
  public static final int CUDNN_ATTR_OPERATION_POINTWISE_DYDESC = 757;
  public static final int CUDNN_ATTR_OPERATION_POINTWISE_TDESC = 758;
  public static final int CUDNN_ATTR_OPERATION_GENSTATS_MODE = 770;
  public static final int CUDNN_ATTR_OPERATION_GENSTATS_MATH_PREC = 771;
  public static final int CUDNN_ATTR_OPERATION_GENSTATS_XDESC = 772;
  public static final int CUDNN_ATTR_OPERATION_GENSTATS_SUMDESC = 773;
  public static final int CUDNN_ATTR_OPERATION_GENSTATS_SQSUMDESC = 774;
  public static final int CUDNN_ATTR_OPERATIONGRAPH_HANDLE = 800;
  public static final int CUDNN_ATTR_OPERATIONGRAPH_OPS = 801;
  public static final int CUDNN_ATTR_OPERATIONGRAPH_ENGINE_GLOBAL_COUNT = 802;
  public static final int CUDNN_ATTR_TENSOR_BYTE_ALIGNMENT = 900;
  public static final int CUDNN_ATTR_TENSOR_DATA_TYPE = 901;
  public static final int CUDNN_ATTR_TENSOR_DIMENSIONS = 902;
  public static final int CUDNN_ATTR_TENSOR_STRIDES = 903;
  public static final int CUDNN_ATTR_TENSOR_UNIQUE_ID = 906;
  public static final int CUDNN_ATTR_TENSOR_IS_VIRTUAL = 907;
  public static final int CUDNN_ATTR_TENSOR_IS_BY_VALUE = 908;
  public static final int CUDNN_ATTR_TENSOR_REORDERING_MODE = 909;
  public static final int CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS = 1000;
  public static final int CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS = 1001;
  public static final int CUDNN_ATTR_VARIANT_PACK_WORKSPACE = 1003;
  public static final int CUDNN_ATTR_ENGINE_OPERATION_GRAPH = 1300;
  public static final int CUDNN_ATTR_ENGINE_GLOBAL_INDEX = 1301;
  public static final int CUDNN_ATTR_ENGINE_KNOB_INFO = 1302;
  public static final int CUDNN_ATTR_ENGINE_NUMERICAL_NOTE = 1303;
  public static final int CUDNN_ATTR_ENGINE_LAYOUT_INFO = 1304;
  public static final int CUDNN_ATTR_ENGINE_BEHAVIOR_NOTE = 1305;
  public static final int CUDNN_ATTR_ENGINE_DEVICEPROP = 1307;
  public static final int CUDNN_ATTR_MATMUL_COMP_TYPE = 1500;
  public static final int CUDNN_ATTR_OPERATION_MATMUL_ADESC = 1520;
  public static final int CUDNN_ATTR_OPERATION_MATMUL_BDESC = 1521;
  public static final int CUDNN_ATTR_OPERATION_MATMUL_CDESC = 1522;
  public static final int CUDNN_ATTR_OPERATION_MATMUL_DESC = 1523;
  public static final int CUDNN_ATTR_REDUCTION_OPERATOR = 1600;
  public static final int CUDNN_ATTR_REDUCTION_COMP_TYPE = 1601;
  public static final int CUDNN_ATTR_OPERATION_REDUCTION_XDESC = 1610;
  public static final int CUDNN_ATTR_OPERATION_REDUCTION_YDESC = 1611;
  public static final int CUDNN_ATTR_OPERATION_REDUCTION_DESC = 1612;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_MODE = 2000;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_PHASE = 2001;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_XDESC = 2002;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_MEAN_DESC = 2003;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_INV_VARIANCE_DESC = 2004;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_SCALE_DESC = 2005;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_BIAS_DESC = 2006;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_EPSILON_DESC = 2007;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_EXP_AVG_FACTOR_DESC = 2008;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_INPUT_RUNNING_MEAN_DESC = 2009;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_INPUT_RUNNING_VAR_DESC = 2010;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_MEAN_DESC = 2011;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_VAR_DESC = 2012;
  public static final int CUDNN_ATTR_OPERATION_NORM_FWD_YDESC = 2013;
  public static final int CUDNN_ATTR_OPERATION_NORM_BWD_MODE = 2100;
  public static final int CUDNN_ATTR_OPERATION_NORM_BWD_XDESC = 2101;
  public static final int CUDNN_ATTR_OPERATION_NORM_BWD_MEAN_DESC = 2102;
  public static final int CUDNN_ATTR_OPERATION_NORM_BWD_INV_VARIANCE_DESC = 2103;
  public static final int CUDNN_ATTR_OPERATION_NORM_BWD_DYDESC = 2104;
  public static final int CUDNN_ATTR_OPERATION_NORM_BWD_SCALE_DESC = 2105;
  public static final int CUDNN_ATTR_OPERATION_NORM_BWD_EPSILON_DESC = 2106;
  public static final int CUDNN_ATTR_OPERATION_NORM_BWD_DSCALE_DESC = 2107;
  public static final int CUDNN_ATTR_OPERATION_NORM_BWD_DBIAS_DESC = 2108;
  public static final int CUDNN_ATTR_OPERATION_NORM_BWD_DXDESC = 2109;
  public static final int CUDNN_ATTR_DEVICEPROP_DEVICE_ID = 2700;
  public static final int CUDNN_ATTR_DEVICEPROP_HANDLE = 2701;
  public static final int CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION = 2702;
  public static final int CUDNN_TYPE_HANDLE = 0;
  public static final int CUDNN_TYPE_DATA_TYPE = 1;
  public static final int CUDNN_TYPE_BOOLEAN = 2;
  public static final int CUDNN_TYPE_INT64 = 3;
  public static final int CUDNN_TYPE_FLOAT = 4;
  public static final int CUDNN_TYPE_DOUBLE = 5;
  public static final int CUDNN_TYPE_VOID_PTR = 6;
  public static final int CUDNN_TYPE_CONVOLUTION_MODE = 7;
  public static final int CUDNN_TYPE_HEUR_MODE = 8;
  public static final int CUDNN_TYPE_KNOB_TYPE = 9;
  public static final int CUDNN_TYPE_NAN_PROPOGATION = 10;
  public static final int CUDNN_TYPE_NUMERICAL_NOTE = 11;
  public static final int CUDNN_TYPE_LAYOUT_TYPE = 12;
  public static final int CUDNN_TYPE_POINTWISE_MODE = 14;
  public static final int CUDNN_TYPE_BACKEND_DESCRIPTOR = 15;
  public static final int CUDNN_TYPE_GENSTATS_MODE = 16;
  public static final int CUDNN_TYPE_BN_FINALIZE_STATS_MODE = 17;
  public static final int CUDNN_TYPE_REDUCTION_OPERATOR_TYPE = 18;
  public static final int CUDNN_TYPE_BEHAVIOR_NOTE = 19;
  public static final int CUDNN_TYPE_TENSOR_REORDERING_MODE = 20;
  public static final int CUDNN_TYPE_INT32 = 23;
  public static final int CUDNN_TYPE_CHAR = 24;
  public static final int CUDNN_TYPE_NORM_MODE = 27;
  public static final int CUDNN_TYPE_NORM_FWD_PHASE = 28;
  public static final int CUDNN_BACKEND_POINTWISE_DESCRIPTOR = 0;
  public static final int CUDNN_BACKEND_CONVOLUTION_DESCRIPTOR = 1;
  public static final int CUDNN_BACKEND_ENGINE_DESCRIPTOR = 2;
  public static final int CUDNN_BACKEND_ENGINECFG_DESCRIPTOR = 3;
  public static final int CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR = 4;
  public static final int CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR = 5;
  public static final int CUDNN_BACKEND_KNOB_CHOICE_DESCRIPTOR = 7;
  public static final int CUDNN_BACKEND_OPERATION_CONVOLUTION_FORWARD_DESCRIPTOR = 10;
  public static final int CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_FILTER_DESCRIPTOR = 11;
  public static final int CUDNN_BACKEND_OPERATION_CONVOLUTION_BACKWARD_DATA_DESCRIPTOR = 12;
  public static final int CUDNN_BACKEND_OPERATION_POINTWISE_DESCRIPTOR = 13;
  public static final int CUDNN_BACKEND_OPERATION_GEN_STATS_DESCRIPTOR = 14;
  public static final int CUDNN_BACKEND_OPERATIONGRAPH_DESCRIPTOR = 15;
  public static final int CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR = 16;
  public static final int CUDNN_BACKEND_TENSOR_DESCRIPTOR = 17;
  public static final int CUDNN_BACKEND_MATMUL_DESCRIPTOR = 18;
  public static final int CUDNN_BACKEND_OPERATION_MATMUL_DESCRIPTOR = 19;
  public static final int CUDNN_BACKEND_REDUCTION_DESCRIPTOR = 21;
  public static final int CUDNN_BACKEND_OPERATION_REDUCTION_DESCRIPTOR = 22;
  public static final int CUDNN_BACKEND_OPERATION_NORM_FORWARD_DESCRIPTOR = 29;
  public static final int CUDNN_BACKEND_OPERATION_NORM_BACKWARD_DESCRIPTOR = 30;
  public static final int CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR = 38;

  /** The C signature of each function, by its name. */
  public static final Map<String, FunctionDescriptor> FUNCTIONS = functions();

  private static final MethodHandle cudnnGetVersion$mh = Native.handle("l");
  private static final MethodHandle cudnnGetCudartVersion$mh = Native.handle("l");
  private static final MethodHandle cudnnGetErrorString$mh = Native.handle("li");
  private static final MethodHandle cudnnGetLastErrorString$mh = Native.handle("vll");
  private static final MethodHandle cudnnCreate$mh = Native.handle("il");
  private static final MethodHandle cudnnDestroy$mh = Native.handle("il");
  private static final MethodHandle cudnnSetStream$mh = Native.handle("ill");
  private static final MethodHandle cudnnGetStream$mh = Native.handle("ill");
  private static final MethodHandle cudnnBackendCreateDescriptor$mh = Native.handle("iil");
  private static final MethodHandle cudnnBackendDestroyDescriptor$mh = Native.handle("il");
  private static final MethodHandle cudnnBackendFinalize$mh = Native.handle("il");
  private static final MethodHandle cudnnBackendSetAttribute$mh = Native.handle("iliill");
  private static final MethodHandle cudnnBackendGetAttribute$mh = Native.handle("iliilll");
  private static final MethodHandle cudnnBackendExecute$mh = Native.handle("illl");

  private final MemorySegment cudnnGetVersion$address;
  private final MemorySegment cudnnGetCudartVersion$address;
  private final MemorySegment cudnnGetErrorString$address;
  private final MemorySegment cudnnGetLastErrorString$address;
  private final MemorySegment cudnnCreate$address;
  private final MemorySegment cudnnDestroy$address;
  private final MemorySegment cudnnSetStream$address;
  private final MemorySegment cudnnGetStream$address;
  private final MemorySegment cudnnBackendCreateDescriptor$address;
  private final MemorySegment cudnnBackendDestroyDescriptor$address;
  private final MemorySegment cudnnBackendFinalize$address;
  private final MemorySegment cudnnBackendSetAttribute$address;
  private final MemorySegment cudnnBackendGetAttribute$address;
  private final MemorySegment cudnnBackendExecute$address;

  /**
   * @param library the real one, or anything else that has functions of these names
   * @throws UnsatisfiedLinkError naming the first function that {@code library} lacks
   */
  public Cudnn(SymbolLookup library) {
    cudnnGetVersion$address = Native.symbol(library, "cudnnGetVersion");
    cudnnGetCudartVersion$address = Native.symbol(library, "cudnnGetCudartVersion");
    cudnnGetErrorString$address = Native.symbol(library, "cudnnGetErrorString");
    cudnnGetLastErrorString$address = Native.symbol(library, "cudnnGetLastErrorString");
    cudnnCreate$address = Native.symbol(library, "cudnnCreate");
    cudnnDestroy$address = Native.symbol(library, "cudnnDestroy");
    cudnnSetStream$address = Native.symbol(library, "cudnnSetStream");
    cudnnGetStream$address = Native.symbol(library, "cudnnGetStream");
    cudnnBackendCreateDescriptor$address = Native.symbol(library, "cudnnBackendCreateDescriptor");
    cudnnBackendDestroyDescriptor$address = Native.symbol(library, "cudnnBackendDestroyDescriptor");
    cudnnBackendFinalize$address = Native.symbol(library, "cudnnBackendFinalize");
    cudnnBackendSetAttribute$address = Native.symbol(library, "cudnnBackendSetAttribute");
    cudnnBackendGetAttribute$address = Native.symbol(library, "cudnnBackendGetAttribute");
    cudnnBackendExecute$address = Native.symbol(library, "cudnnBackendExecute");
  }

  /** {@code size_t cudnnGetVersion()}. */
  public long cudnnGetVersion() {
    try {
      return (long) cudnnGetVersion$mh.invokeExact(cudnnGetVersion$address);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code size_t cudnnGetCudartVersion()}. */
  public long cudnnGetCudartVersion() {
    try {
      return (long) cudnnGetCudartVersion$mh.invokeExact(cudnnGetCudartVersion$address);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code const char * cudnnGetErrorString(cudnnStatus_t status)}. */
  public long cudnnGetErrorString(int status) {
    try {
      return (long) cudnnGetErrorString$mh.invokeExact(cudnnGetErrorString$address, status);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code void cudnnGetLastErrorString(char *message, size_t max_size)}. */
  public void cudnnGetLastErrorString(long message, long max_size) {
    try {
      cudnnGetLastErrorString$mh.invokeExact(cudnnGetLastErrorString$address, message, max_size);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cudnnStatus_t cudnnCreate(cudnnHandle_t *handle)}. */
  public int cudnnCreate(long handle) {
    try {
      return (int) cudnnCreate$mh.invokeExact(cudnnCreate$address, handle);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cudnnStatus_t cudnnDestroy(cudnnHandle_t handle)}. */
  public int cudnnDestroy(long handle) {
    try {
      return (int) cudnnDestroy$mh.invokeExact(cudnnDestroy$address, handle);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cudnnStatus_t cudnnSetStream(cudnnHandle_t handle, cudaStream_t streamId)}. */
  public int cudnnSetStream(long handle, long streamId) {
    try {
      return (int) cudnnSetStream$mh.invokeExact(cudnnSetStream$address, handle, streamId);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cudnnStatus_t cudnnGetStream(cudnnHandle_t handle, cudaStream_t *streamId)}. */
  public int cudnnGetStream(long handle, long streamId) {
    try {
      return (int) cudnnGetStream$mh.invokeExact(cudnnGetStream$address, handle, streamId);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cudnnStatus_t cudnnBackendCreateDescriptor(cudnnBackendDescriptorType_t descriptorType, cudnnBackendDescriptor_t *descriptor)}. */
  public int cudnnBackendCreateDescriptor(int descriptorType, long descriptor) {
    try {
      return (int) cudnnBackendCreateDescriptor$mh.invokeExact(cudnnBackendCreateDescriptor$address, descriptorType, descriptor);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cudnnStatus_t cudnnBackendDestroyDescriptor(cudnnBackendDescriptor_t descriptor)}. */
  public int cudnnBackendDestroyDescriptor(long descriptor) {
    try {
      return (int) cudnnBackendDestroyDescriptor$mh.invokeExact(cudnnBackendDestroyDescriptor$address, descriptor);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cudnnStatus_t cudnnBackendFinalize(cudnnBackendDescriptor_t descriptor)}. */
  public int cudnnBackendFinalize(long descriptor) {
    try {
      return (int) cudnnBackendFinalize$mh.invokeExact(cudnnBackendFinalize$address, descriptor);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cudnnStatus_t cudnnBackendSetAttribute(cudnnBackendDescriptor_t descriptor, cudnnBackendAttributeName_t attributeName, cudnnBackendAttributeType_t attributeType, int64_t elementCount, const void *arrayOfElements)}. */
  public int cudnnBackendSetAttribute(long descriptor, int attributeName, int attributeType, long elementCount, long arrayOfElements) {
    try {
      return (int) cudnnBackendSetAttribute$mh.invokeExact(cudnnBackendSetAttribute$address, descriptor, attributeName, attributeType, elementCount, arrayOfElements);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cudnnStatus_t cudnnBackendGetAttribute(cudnnBackendDescriptor_t descriptor, cudnnBackendAttributeName_t attributeName, cudnnBackendAttributeType_t attributeType, int64_t requestedElementCount, int64_t *elementCount, void *arrayOfElements)}. */
  public int cudnnBackendGetAttribute(long descriptor, int attributeName, int attributeType, long requestedElementCount, long elementCount, long arrayOfElements) {
    try {
      return (int) cudnnBackendGetAttribute$mh.invokeExact(cudnnBackendGetAttribute$address, descriptor, attributeName, attributeType, requestedElementCount, elementCount, arrayOfElements);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code cudnnStatus_t cudnnBackendExecute(cudnnHandle_t handle, cudnnBackendDescriptor_t executionPlan, cudnnBackendDescriptor_t variantPack)}. */
  public int cudnnBackendExecute(long handle, long executionPlan, long variantPack) {
    try {
      return (int) cudnnBackendExecute$mh.invokeExact(cudnnBackendExecute$address, handle, executionPlan, variantPack);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  private static Map<String, FunctionDescriptor> functions() {
    Map<String, FunctionDescriptor> m = new LinkedHashMap<>();
    m.put("cudnnGetVersion", Native.descriptor("l"));
    m.put("cudnnGetCudartVersion", Native.descriptor("l"));
    m.put("cudnnGetErrorString", Native.descriptor("li"));
    m.put("cudnnGetLastErrorString", Native.descriptor("vll"));
    m.put("cudnnCreate", Native.descriptor("il"));
    m.put("cudnnDestroy", Native.descriptor("il"));
    m.put("cudnnSetStream", Native.descriptor("ill"));
    m.put("cudnnGetStream", Native.descriptor("ill"));
    m.put("cudnnBackendCreateDescriptor", Native.descriptor("iil"));
    m.put("cudnnBackendDestroyDescriptor", Native.descriptor("il"));
    m.put("cudnnBackendFinalize", Native.descriptor("il"));
    m.put("cudnnBackendSetAttribute", Native.descriptor("iliill"));
    m.put("cudnnBackendGetAttribute", Native.descriptor("iliilll"));
    m.put("cudnnBackendExecute", Native.descriptor("illl"));
    return m;
  }
}
