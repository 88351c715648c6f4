package engine.ffi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The CUDA driver API, libcuda.so.1, raw: C's names, C's values, pointers as {@code long}.
 *
 * <p>Generated from {@code jextract/cuda.h} by {@code java jextract/Generate.java}: edit
 * that header, not this file.
 */
public final class CudaDriver {
  public static final int CU_MEMHOSTALLOC_PORTABLE = 1;
  public static final int CUDA_SUCCESS = 0;
  public static final int CUDA_ERROR_INVALID_VALUE = 1;
  public static final int CUDA_ERROR_OUT_OF_MEMORY = 2;
  public static final int CUDA_ERROR_NOT_INITIALIZED = 3;
  public static final int CUDA_ERROR_DEINITIALIZED = 4;
  public static final int CUDA_ERROR_PROFILER_DISABLED = 5;
  public static final int CUDA_ERROR_PROFILER_NOT_INITIALIZED = 6;
  public static final int CUDA_ERROR_PROFILER_ALREADY_STARTED = 7;
  public static final int CUDA_ERROR_PROFILER_ALREADY_STOPPED = 8;
  public static final int CUDA_ERROR_STUB_LIBRARY = 34;
  public static final int CUDA_ERROR_CALL_REQUIRES_NEWER_DRIVER = 36;
  public static final int CUDA_ERROR_DEVICE_UNAVAILABLE = 46;
  public static final int CUDA_ERROR_NO_DEVICE = 100;
  public static final int CUDA_ERROR_INVALID_DEVICE = 101;
  public static final int CUDA_ERROR_DEVICE_NOT_LICENSED = 102;
  public static final int CUDA_ERROR_INVALID_IMAGE = 200;
  public static final int CUDA_ERROR_INVALID_CONTEXT = 201;
  public static final int CUDA_ERROR_CONTEXT_ALREADY_CURRENT = 202;
  public static final int CUDA_ERROR_MAP_FAILED = 205;
  public static final int CUDA_ERROR_UNMAP_FAILED = 206;
  public static final int CUDA_ERROR_ARRAY_IS_MAPPED = 207;
  public static final int CUDA_ERROR_ALREADY_MAPPED = 208;
  public static final int CUDA_ERROR_NO_BINARY_FOR_GPU = 209;
  public static final int CUDA_ERROR_ALREADY_ACQUIRED = 210;
  public static final int CUDA_ERROR_NOT_MAPPED = 211;
  public static final int CUDA_ERROR_NOT_MAPPED_AS_ARRAY = 212;
  public static final int CUDA_ERROR_NOT_MAPPED_AS_POINTER = 213;
  public static final int CUDA_ERROR_ECC_UNCORRECTABLE = 214;
  public static final int CUDA_ERROR_UNSUPPORTED_LIMIT = 215;
  public static final int CUDA_ERROR_CONTEXT_ALREADY_IN_USE = 216;
  public static final int CUDA_ERROR_PEER_ACCESS_UNSUPPORTED = 217;
  public static final int CUDA_ERROR_INVALID_PTX = 218;
  public static final int CUDA_ERROR_INVALID_GRAPHICS_CONTEXT = 219;
  public static final int CUDA_ERROR_NVLINK_UNCORRECTABLE = 220;
  public static final int CUDA_ERROR_JIT_COMPILER_NOT_FOUND = 221;
  public static final int CUDA_ERROR_UNSUPPORTED_PTX_VERSION = 222;
  public static final int CUDA_ERROR_JIT_COMPILATION_DISABLED = 223;
  public static final int CUDA_ERROR_UNSUPPORTED_EXEC_AFFINITY = 224;
  public static final int CUDA_ERROR_UNSUPPORTED_DEVSIDE_SYNC = 225;
  public static final int CUDA_ERROR_CONTAINED = 226;
  public static final int CUDA_ERROR_INVALID_SOURCE = 300;
  public static final int CUDA_ERROR_FILE_NOT_FOUND = 301;
  public static final int CUDA_ERROR_SHARED_OBJECT_SYMBOL_NOT_FOUND = 302;
  public static final int CUDA_ERROR_SHARED_OBJECT_INIT_FAILED = 303;
  public static final int CUDA_ERROR_OPERATING_SYSTEM = 304;
  public static final int CUDA_ERROR_INVALID_HANDLE = 400;
  public static final int CUDA_ERROR_ILLEGAL_STATE = 401;
  public static final int CUDA_ERROR_LOSSY_QUERY = 402;
  public static final int CUDA_ERROR_NOT_FOUND = 500;
  public static final int CUDA_ERROR_NOT_READY = 600;
  public static final int CUDA_ERROR_ILLEGAL_ADDRESS = 700;
  public static final int CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES = 701;
  public static final int CUDA_ERROR_LAUNCH_TIMEOUT = 702;
  public static final int CUDA_ERROR_LAUNCH_INCOMPATIBLE_TEXTURING = 703;
  public static final int CUDA_ERROR_PEER_ACCESS_ALREADY_ENABLED = 704;
  public static final int CUDA_ERROR_PEER_ACCESS_NOT_ENABLED = 705;
  public static final int CUDA_ERROR_PRIMARY_CONTEXT_ACTIVE = 708;
  public static final int CUDA_ERROR_CONTEXT_IS_DESTROYED = 709;
  public static final int CUDA_ERROR_ASSERT = 710;
  public static final int CUDA_ERROR_TOO_MANY_PEERS = 711;
  public static final int CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED = 712;
  public static final int CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED = 713;
  public static final int CUDA_ERROR_HARDWARE_STACK_ERROR = 714;
  public static final int CUDA_ERROR_ILLEGAL_INSTRUCTION = 715;
  public static final int CUDA_ERROR_MISALIGNED_ADDRESS = 716;
  public static final int CUDA_ERROR_INVALID_ADDRESS_SPACE = 717;
  public static final int CUDA_ERROR_INVALID_PC = 718;
  public static final int CUDA_ERROR_LAUNCH_FAILED = 719;
  public static final int CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE = 720;
  public static final int CUDA_ERROR_TENSOR_MEMORY_LEAK = 721;
  public static final int CUDA_ERROR_NOT_PERMITTED = 800;
  public static final int CUDA_ERROR_NOT_SUPPORTED = 801;
  public static final int CUDA_ERROR_SYSTEM_NOT_READY = 802;
  public static final int CUDA_ERROR_SYSTEM_DRIVER_MISMATCH = 803;
  public static final int CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE = 804;
  public static final int CUDA_ERROR_MPS_CONNECTION_FAILED = 805;
  public static final int CUDA_ERROR_MPS_RPC_FAILURE = 806;
  public static final int CUDA_ERROR_MPS_SERVER_NOT_READY = 807;
  public static final int CUDA_ERROR_MPS_MAX_CLIENTS_REACHED = 808;
  public static final int CUDA_ERROR_MPS_MAX_CONNECTIONS_REACHED = 809;
  public static final int CUDA_ERROR_MPS_CLIENT_TERMINATED = 810;
  public static final int CUDA_ERROR_CDP_NOT_SUPPORTED = 811;
  public static final int CUDA_ERROR_CDP_VERSION_MISMATCH = 812;
  public static final int CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED = 900;
  public static final int CUDA_ERROR_STREAM_CAPTURE_INVALIDATED = 901;
  public static final int CUDA_ERROR_STREAM_CAPTURE_MERGE = 902;
  public static final int CUDA_ERROR_STREAM_CAPTURE_UNMATCHED = 903;
  public static final int CUDA_ERROR_STREAM_CAPTURE_UNJOINED = 904;
  public static final int CUDA_ERROR_STREAM_CAPTURE_ISOLATION = 905;
  public static final int CUDA_ERROR_STREAM_CAPTURE_IMPLICIT = 906;
  public static final int CUDA_ERROR_CAPTURED_EVENT = 907;
  public static final int CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD = 908;
  public static final int CUDA_ERROR_TIMEOUT = 909;
  public static final int CUDA_ERROR_GRAPH_EXEC_UPDATE_FAILURE = 910;
  public static final int CUDA_ERROR_EXTERNAL_DEVICE = 911;
  public static final int CUDA_ERROR_INVALID_CLUSTER_SIZE = 912;
  public static final int CUDA_ERROR_FUNCTION_NOT_LOADED = 913;
  public static final int CUDA_ERROR_INVALID_RESOURCE_TYPE = 914;
  public static final int CUDA_ERROR_INVALID_RESOURCE_CONFIGURATION = 915;
  public static final int CUDA_ERROR_KEY_ROTATION = 916;
  public static final int CUDA_ERROR_UNKNOWN = 999;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 1;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_X = 2;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Y = 3;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_BLOCK_DIM_Z = 4;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_X = 5;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Y = 6;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_GRID_DIM_Z = 7;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK = 8;
  public static final int CU_DEVICE_ATTRIBUTE_WARP_SIZE = 10;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_BLOCK = 12;
  public static final int CU_DEVICE_ATTRIBUTE_CLOCK_RATE = 13;
  public static final int CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT = 16;
  public static final int CU_DEVICE_ATTRIBUTE_L2_CACHE_SIZE = 38;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR = 39;
  public static final int CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75;
  public static final int CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR = 81;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_REGISTERS_PER_MULTIPROCESSOR = 82;
  public static final int CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97;
  public static final int CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK = 0;
  public static final int CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES = 1;
  public static final int CU_FUNC_ATTRIBUTE_CONST_SIZE_BYTES = 2;
  public static final int CU_FUNC_ATTRIBUTE_LOCAL_SIZE_BYTES = 3;
  public static final int CU_FUNC_ATTRIBUTE_NUM_REGS = 4;
  public static final int CU_FUNC_ATTRIBUTE_PTX_VERSION = 5;
  public static final int CU_FUNC_ATTRIBUTE_BINARY_VERSION = 6;
  public static final int CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8;
  public static final int CU_JIT_INFO_LOG_BUFFER = 3;
  public static final int CU_JIT_INFO_LOG_BUFFER_SIZE_BYTES = 4;
  public static final int CU_JIT_ERROR_LOG_BUFFER = 5;
  public static final int CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6;
  public static final int CU_JIT_GENERATE_LINE_INFO = 13;
  public static final int CU_STREAM_DEFAULT = 0;
  public static final int CU_STREAM_NON_BLOCKING = 1;
  public static final int CU_EVENT_DEFAULT = 0;
  public static final int CU_EVENT_BLOCKING_SYNC = 1;
  public static final int CU_EVENT_DISABLE_TIMING = 2;
  public static final int CU_STREAM_CAPTURE_MODE_GLOBAL = 0;
  public static final int CU_STREAM_CAPTURE_MODE_THREAD_LOCAL = 1;
  public static final int CU_STREAM_CAPTURE_MODE_RELAXED = 2;
  public static final int CU_MEMORYTYPE_HOST = 1;
  public static final int CU_MEMORYTYPE_DEVICE = 2;
  public static final int CU_MEMORYTYPE_ARRAY = 3;
  public static final int CU_MEMORYTYPE_UNIFIED = 4;

  /** {@code CUDA_MEMCPY2D}, with C's padding; fields by their names. */
  public static final StructLayout CUDA_MEMCPY2D =
      Native.struct(
          "llillllllillllll", "srcXInBytes", "srcY", "srcMemoryType", "srcHost",
          "srcDevice", "srcArray", "srcPitch", "dstXInBytes", "dstY", "dstMemoryType",
          "dstHost", "dstDevice", "dstArray", "dstPitch", "WidthInBytes",
          "Height");

  /** The C signature of each function, by its name. */
  public static final Map<String, FunctionDescriptor> FUNCTIONS = functions();

  private static final MethodHandle cuInit$mh = Native.handle("ii");
  private static final MethodHandle cuDriverGetVersion$mh = Native.handle("il");
  private static final MethodHandle cuGetErrorName$mh = Native.handle("iil");
  private static final MethodHandle cuGetErrorString$mh = Native.handle("iil");
  private static final MethodHandle cuDeviceGetCount$mh = Native.handle("il");
  private static final MethodHandle cuDeviceGet$mh = Native.handle("ili");
  private static final MethodHandle cuDeviceGetName$mh = Native.handle("ilii");
  private static final MethodHandle cuDeviceTotalMem_v2$mh = Native.handle("ili");
  private static final MethodHandle cuDeviceGetAttribute$mh = Native.handle("ilii");
  private static final MethodHandle cuDevicePrimaryCtxRetain$mh = Native.handle("ili");
  private static final MethodHandle cuDevicePrimaryCtxRelease_v2$mh = Native.handle("ii");
  private static final MethodHandle cuCtxSetCurrent$mh = Native.handle("il");
  private static final MethodHandle cuCtxGetCurrent$mh = Native.handle("il");
  private static final MethodHandle cuCtxSynchronize$mh = Native.handle("i");
  private static final MethodHandle cuModuleLoadDataEx$mh = Native.handle("illill");
  private static final MethodHandle cuModuleUnload$mh = Native.handle("il");
  private static final MethodHandle cuModuleGetFunction$mh = Native.handle("illl");
  private static final MethodHandle cuModuleGetGlobal_v2$mh = Native.handle("illll");
  private static final MethodHandle cuFuncGetAttribute$mh = Native.handle("ilil");
  private static final MethodHandle cuFuncSetAttribute$mh = Native.handle("ilii");
  private static final MethodHandle cuLaunchKernel$mh = Native.handle("iliiiiiiilll");
  private static final MethodHandle cuOccupancyMaxActiveBlocksPerMultiprocessor$mh = Native.handle("illil");
  private static final MethodHandle cuMemGetInfo_v2$mh = Native.handle("ill");
  private static final MethodHandle cuMemAlloc_v2$mh = Native.handle("ill");
  private static final MethodHandle cuMemFree_v2$mh = Native.handle("il");
  private static final MethodHandle cuMemHostAlloc$mh = Native.handle("illi");
  private static final MethodHandle cuMemFreeHost$mh = Native.handle("il");
  private static final MethodHandle cuMemcpyHtoD_v2$mh = Native.handle("illl");
  private static final MethodHandle cuMemcpyDtoH_v2$mh = Native.handle("illl");
  private static final MethodHandle cuMemcpyHtoDAsync_v2$mh = Native.handle("illll");
  private static final MethodHandle cuMemcpyDtoHAsync_v2$mh = Native.handle("illll");
  private static final MethodHandle cuMemcpyDtoDAsync_v2$mh = Native.handle("illll");
  private static final MethodHandle cuMemcpy2DAsync_v2$mh = Native.handle("ill");
  private static final MethodHandle cuMemsetD8Async$mh = Native.handle("ilbll");
  private static final MethodHandle cuMemsetD32Async$mh = Native.handle("ilill");
  private static final MethodHandle cuStreamCreate$mh = Native.handle("ili");
  private static final MethodHandle cuStreamDestroy_v2$mh = Native.handle("il");
  private static final MethodHandle cuStreamSynchronize$mh = Native.handle("il");
  private static final MethodHandle cuStreamQuery$mh = Native.handle("il");
  private static final MethodHandle cuStreamWaitEvent$mh = Native.handle("illi");
  private static final MethodHandle cuEventCreate$mh = Native.handle("ili");
  private static final MethodHandle cuEventDestroy_v2$mh = Native.handle("il");
  private static final MethodHandle cuEventRecord$mh = Native.handle("ill");
  private static final MethodHandle cuEventQuery$mh = Native.handle("il");
  private static final MethodHandle cuEventSynchronize$mh = Native.handle("il");
  private static final MethodHandle cuEventElapsedTime$mh = Native.handle("illl");
  private static final MethodHandle cuStreamBeginCapture_v2$mh = Native.handle("ili");
  private static final MethodHandle cuStreamEndCapture$mh = Native.handle("ill");
  private static final MethodHandle cuGraphGetNodes$mh = Native.handle("illl");
  private static final MethodHandle cuGraphInstantiateWithFlags$mh = Native.handle("illl");
  private static final MethodHandle cuGraphLaunch$mh = Native.handle("ill");
  private static final MethodHandle cuGraphExecDestroy$mh = Native.handle("il");
  private static final MethodHandle cuGraphDestroy$mh = Native.handle("il");

  private final MemorySegment cuInit$address;
  private final MemorySegment cuDriverGetVersion$address;
  private final MemorySegment cuGetErrorName$address;
  private final MemorySegment cuGetErrorString$address;
  private final MemorySegment cuDeviceGetCount$address;
  private final MemorySegment cuDeviceGet$address;
  private final MemorySegment cuDeviceGetName$address;
  private final MemorySegment cuDeviceTotalMem_v2$address;
  private final MemorySegment cuDeviceGetAttribute$address;
  private final MemorySegment cuDevicePrimaryCtxRetain$address;
  private final MemorySegment cuDevicePrimaryCtxRelease_v2$address;
  private final MemorySegment cuCtxSetCurrent$address;
  private final MemorySegment cuCtxGetCurrent$address;
  private final MemorySegment cuCtxSynchronize$address;
  private final MemorySegment cuModuleLoadDataEx$address;
  private final MemorySegment cuModuleUnload$address;
  private final MemorySegment cuModuleGetFunction$address;
  private final MemorySegment cuModuleGetGlobal_v2$address;
  private final MemorySegment cuFuncGetAttribute$address;
  private final MemorySegment cuFuncSetAttribute$address;
  private final MemorySegment cuLaunchKernel$address;
  private final MemorySegment cuOccupancyMaxActiveBlocksPerMultiprocessor$address;
  private final MemorySegment cuMemGetInfo_v2$address;
  private final MemorySegment cuMemAlloc_v2$address;
  private final MemorySegment cuMemFree_v2$address;
  private final MemorySegment cuMemHostAlloc$address;
  private final MemorySegment cuMemFreeHost$address;
  private final MemorySegment cuMemcpyHtoD_v2$address;
  private final MemorySegment cuMemcpyDtoH_v2$address;
  private final MemorySegment cuMemcpyHtoDAsync_v2$address;
  private final MemorySegment cuMemcpyDtoHAsync_v2$address;
  private final MemorySegment cuMemcpyDtoDAsync_v2$address;
  private final MemorySegment cuMemcpy2DAsync_v2$address;
  private final MemorySegment cuMemsetD8Async$address;
  private final MemorySegment cuMemsetD32Async$address;
  private final MemorySegment cuStreamCreate$address;
  private final MemorySegment cuStreamDestroy_v2$address;
  private final MemorySegment cuStreamSynchronize$address;
  private final MemorySegment cuStreamQuery$address;
  private final MemorySegment cuStreamWaitEvent$address;
  private final MemorySegment cuEventCreate$address;
  private final MemorySegment cuEventDestroy_v2$address;
  private final MemorySegment cuEventRecord$address;
  private final MemorySegment cuEventQuery$address;
  private final MemorySegment cuEventSynchronize$address;
  private final MemorySegment cuEventElapsedTime$address;
  private final MemorySegment cuStreamBeginCapture_v2$address;
  private final MemorySegment cuStreamEndCapture$address;
  private final MemorySegment cuGraphGetNodes$address;
  private final MemorySegment cuGraphInstantiateWithFlags$address;
  private final MemorySegment cuGraphLaunch$address;
  private final MemorySegment cuGraphExecDestroy$address;
  private final MemorySegment cuGraphDestroy$address;

  /**
   * @param library the real one, or anything else that has functions of these names
   * @throws UnsatisfiedLinkError naming the first function that {@code library} lacks
   */
  public CudaDriver(SymbolLookup library) {
    cuInit$address = Native.symbol(library, "cuInit");
    cuDriverGetVersion$address = Native.symbol(library, "cuDriverGetVersion");
    cuGetErrorName$address = Native.symbol(library, "cuGetErrorName");
    cuGetErrorString$address = Native.symbol(library, "cuGetErrorString");
    cuDeviceGetCount$address = Native.symbol(library, "cuDeviceGetCount");
    cuDeviceGet$address = Native.symbol(library, "cuDeviceGet");
    cuDeviceGetName$address = Native.symbol(library, "cuDeviceGetName");
    cuDeviceTotalMem_v2$address = Native.symbol(library, "cuDeviceTotalMem_v2");
    cuDeviceGetAttribute$address = Native.symbol(library, "cuDeviceGetAttribute");
    cuDevicePrimaryCtxRetain$address = Native.symbol(library, "cuDevicePrimaryCtxRetain");
    cuDevicePrimaryCtxRelease_v2$address = Native.symbol(library, "cuDevicePrimaryCtxRelease_v2");
    cuCtxSetCurrent$address = Native.symbol(library, "cuCtxSetCurrent");
    cuCtxGetCurrent$address = Native.symbol(library, "cuCtxGetCurrent");
    cuCtxSynchronize$address = Native.symbol(library, "cuCtxSynchronize");
    cuModuleLoadDataEx$address = Native.symbol(library, "cuModuleLoadDataEx");
    cuModuleUnload$address = Native.symbol(library, "cuModuleUnload");
    cuModuleGetFunction$address = Native.symbol(library, "cuModuleGetFunction");
    cuModuleGetGlobal_v2$address = Native.symbol(library, "cuModuleGetGlobal_v2");
    cuFuncGetAttribute$address = Native.symbol(library, "cuFuncGetAttribute");
    cuFuncSetAttribute$address = Native.symbol(library, "cuFuncSetAttribute");
    cuLaunchKernel$address = Native.symbol(library, "cuLaunchKernel");
    cuOccupancyMaxActiveBlocksPerMultiprocessor$address = Native.symbol(library, "cuOccupancyMaxActiveBlocksPerMultiprocessor");
    cuMemGetInfo_v2$address = Native.symbol(library, "cuMemGetInfo_v2");
    cuMemAlloc_v2$address = Native.symbol(library, "cuMemAlloc_v2");
    cuMemFree_v2$address = Native.symbol(library, "cuMemFree_v2");
    cuMemHostAlloc$address = Native.symbol(library, "cuMemHostAlloc");
    cuMemFreeHost$address = Native.symbol(library, "cuMemFreeHost");
    cuMemcpyHtoD_v2$address = Native.symbol(library, "cuMemcpyHtoD_v2");
    cuMemcpyDtoH_v2$address = Native.symbol(library, "cuMemcpyDtoH_v2");
    cuMemcpyHtoDAsync_v2$address = Native.symbol(library, "cuMemcpyHtoDAsync_v2");
    cuMemcpyDtoHAsync_v2$address = Native.symbol(library, "cuMemcpyDtoHAsync_v2");
    cuMemcpyDtoDAsync_v2$address = Native.symbol(library, "cuMemcpyDtoDAsync_v2");
    cuMemcpy2DAsync_v2$address = Native.symbol(library, "cuMemcpy2DAsync_v2");
    cuMemsetD8Async$address = Native.symbol(library, "cuMemsetD8Async");
    cuMemsetD32Async$address = Native.symbol(library, "cuMemsetD32Async");
    cuStreamCreate$address = Native.symbol(library, "cuStreamCreate");
    cuStreamDestroy_v2$address = Native.symbol(library, "cuStreamDestroy_v2");
    cuStreamSynchronize$address = Native.symbol(library, "cuStreamSynchronize");
    cuStreamQuery$address = Native.symbol(library, "cuStreamQuery");
    cuStreamWaitEvent$address = Native.symbol(library, "cuStreamWaitEvent");
    cuEventCreate$address = Native.symbol(library, "cuEventCreate");
    cuEventDestroy_v2$address = Native.symbol(library, "cuEventDestroy_v2");
    cuEventRecord$address = Native.symbol(library, "cuEventRecord");
    cuEventQuery$address = Native.symbol(library, "cuEventQuery");
    cuEventSynchronize$address = Native.symbol(library, "cuEventSynchronize");
    cuEventElapsedTime$address = Native.symbol(library, "cuEventElapsedTime");
    cuStreamBeginCapture_v2$address = Native.symbol(library, "cuStreamBeginCapture_v2");
    cuStreamEndCapture$address = Native.symbol(library, "cuStreamEndCapture");
    cuGraphGetNodes$address = Native.symbol(library, "cuGraphGetNodes");
    cuGraphInstantiateWithFlags$address = Native.symbol(library, "cuGraphInstantiateWithFlags");
    cuGraphLaunch$address = Native.symbol(library, "cuGraphLaunch");
    cuGraphExecDestroy$address = Native.symbol(library, "cuGraphExecDestroy");
    cuGraphDestroy$address = Native.symbol(library, "cuGraphDestroy");
  }

  /** {@code CUresult cuInit(unsigned int Flags)}. */
  public int cuInit(int Flags) {
    try {
      return (int) cuInit$mh.invokeExact(cuInit$address, Flags);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuDriverGetVersion(int *driverVersion)}. */
  public int cuDriverGetVersion(long driverVersion) {
    try {
      return (int) cuDriverGetVersion$mh.invokeExact(cuDriverGetVersion$address, driverVersion);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuGetErrorName(CUresult error, const char **pStr)}. */
  public int cuGetErrorName(int error, long pStr) {
    try {
      return (int) cuGetErrorName$mh.invokeExact(cuGetErrorName$address, error, pStr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuGetErrorString(CUresult error, const char **pStr)}. */
  public int cuGetErrorString(int error, long pStr) {
    try {
      return (int) cuGetErrorString$mh.invokeExact(cuGetErrorString$address, error, pStr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuDeviceGetCount(int *count)}. */
  public int cuDeviceGetCount(long count) {
    try {
      return (int) cuDeviceGetCount$mh.invokeExact(cuDeviceGetCount$address, count);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuDeviceGet(CUdevice *device, int ordinal)}. */
  public int cuDeviceGet(long device, int ordinal) {
    try {
      return (int) cuDeviceGet$mh.invokeExact(cuDeviceGet$address, device, ordinal);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuDeviceGetName(char *name, int len, CUdevice dev)}. */
  public int cuDeviceGetName(long name, int len, int dev) {
    try {
      return (int) cuDeviceGetName$mh.invokeExact(cuDeviceGetName$address, name, len, dev);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuDeviceTotalMem_v2(size_t *bytes, CUdevice dev)}. */
  public int cuDeviceTotalMem_v2(long bytes, int dev) {
    try {
      return (int) cuDeviceTotalMem_v2$mh.invokeExact(cuDeviceTotalMem_v2$address, bytes, dev);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuDeviceGetAttribute(int *pi, CUdevice_attribute attrib, CUdevice dev)}. */
  public int cuDeviceGetAttribute(long pi, int attrib, int dev) {
    try {
      return (int) cuDeviceGetAttribute$mh.invokeExact(cuDeviceGetAttribute$address, pi, attrib, dev);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuDevicePrimaryCtxRetain(CUcontext *pctx, CUdevice dev)}. */
  public int cuDevicePrimaryCtxRetain(long pctx, int dev) {
    try {
      return (int) cuDevicePrimaryCtxRetain$mh.invokeExact(cuDevicePrimaryCtxRetain$address, pctx, dev);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuDevicePrimaryCtxRelease_v2(CUdevice dev)}. */
  public int cuDevicePrimaryCtxRelease_v2(int dev) {
    try {
      return (int) cuDevicePrimaryCtxRelease_v2$mh.invokeExact(cuDevicePrimaryCtxRelease_v2$address, dev);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuCtxSetCurrent(CUcontext ctx)}. */
  public int cuCtxSetCurrent(long ctx) {
    try {
      return (int) cuCtxSetCurrent$mh.invokeExact(cuCtxSetCurrent$address, ctx);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuCtxGetCurrent(CUcontext *pctx)}. */
  public int cuCtxGetCurrent(long pctx) {
    try {
      return (int) cuCtxGetCurrent$mh.invokeExact(cuCtxGetCurrent$address, pctx);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuCtxSynchronize()}. */
  public int cuCtxSynchronize() {
    try {
      return (int) cuCtxSynchronize$mh.invokeExact(cuCtxSynchronize$address);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuModuleLoadDataEx(CUmodule *module, const void *image, unsigned int numOptions, CUjit_option *options, void **optionValues)}. */
  public int cuModuleLoadDataEx(long module, long image, int numOptions, long options, long optionValues) {
    try {
      return (int) cuModuleLoadDataEx$mh.invokeExact(cuModuleLoadDataEx$address, module, image, numOptions, options, optionValues);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuModuleUnload(CUmodule hmod)}. */
  public int cuModuleUnload(long hmod) {
    try {
      return (int) cuModuleUnload$mh.invokeExact(cuModuleUnload$address, hmod);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuModuleGetFunction(CUfunction *hfunc, CUmodule hmod, const char *name)}. */
  public int cuModuleGetFunction(long hfunc, long hmod, long name) {
    try {
      return (int) cuModuleGetFunction$mh.invokeExact(cuModuleGetFunction$address, hfunc, hmod, name);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuModuleGetGlobal_v2(CUdeviceptr *dptr, size_t *bytes, CUmodule hmod, const char *name)}. */
  public int cuModuleGetGlobal_v2(long dptr, long bytes, long hmod, long name) {
    try {
      return (int) cuModuleGetGlobal_v2$mh.invokeExact(cuModuleGetGlobal_v2$address, dptr, bytes, hmod, name);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuFuncGetAttribute(int *pi, CUfunction_attribute attrib, CUfunction hfunc)}. */
  public int cuFuncGetAttribute(long pi, int attrib, long hfunc) {
    try {
      return (int) cuFuncGetAttribute$mh.invokeExact(cuFuncGetAttribute$address, pi, attrib, hfunc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuFuncSetAttribute(CUfunction hfunc, CUfunction_attribute attrib, int value)}. */
  public int cuFuncSetAttribute(long hfunc, int attrib, int value) {
    try {
      return (int) cuFuncSetAttribute$mh.invokeExact(cuFuncSetAttribute$address, hfunc, attrib, value);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuLaunchKernel(CUfunction f, unsigned int gridDimX, unsigned int gridDimY, unsigned int gridDimZ, unsigned int blockDimX, unsigned int blockDimY, unsigned int blockDimZ, unsigned int sharedMemBytes, CUstream hStream, void **kernelParams, void **extra)}. */
  public int cuLaunchKernel(long f, int gridDimX, int gridDimY, int gridDimZ, int blockDimX, int blockDimY, int blockDimZ, int sharedMemBytes, long hStream, long kernelParams, long extra) {
    try {
      return (int) cuLaunchKernel$mh.invokeExact(cuLaunchKernel$address, f, gridDimX, gridDimY, gridDimZ, blockDimX, blockDimY, blockDimZ, sharedMemBytes, hStream, kernelParams, extra);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *numBlocks, CUfunction func, int blockSize, size_t dynamicSMemSize)}. */
  public int cuOccupancyMaxActiveBlocksPerMultiprocessor(long numBlocks, long func, int blockSize, long dynamicSMemSize) {
    try {
      return (int) cuOccupancyMaxActiveBlocksPerMultiprocessor$mh.invokeExact(cuOccupancyMaxActiveBlocksPerMultiprocessor$address, numBlocks, func, blockSize, dynamicSMemSize);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemGetInfo_v2(size_t *free, size_t *total)}. */
  public int cuMemGetInfo_v2(long free, long total) {
    try {
      return (int) cuMemGetInfo_v2$mh.invokeExact(cuMemGetInfo_v2$address, free, total);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemAlloc_v2(CUdeviceptr *dptr, size_t bytesize)}. */
  public int cuMemAlloc_v2(long dptr, long bytesize) {
    try {
      return (int) cuMemAlloc_v2$mh.invokeExact(cuMemAlloc_v2$address, dptr, bytesize);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemFree_v2(CUdeviceptr dptr)}. */
  public int cuMemFree_v2(long dptr) {
    try {
      return (int) cuMemFree_v2$mh.invokeExact(cuMemFree_v2$address, dptr);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemHostAlloc(void **pp, size_t bytesize, unsigned int Flags)}. */
  public int cuMemHostAlloc(long pp, long bytesize, int Flags) {
    try {
      return (int) cuMemHostAlloc$mh.invokeExact(cuMemHostAlloc$address, pp, bytesize, Flags);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemFreeHost(void *p)}. */
  public int cuMemFreeHost(long p) {
    try {
      return (int) cuMemFreeHost$mh.invokeExact(cuMemFreeHost$address, p);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemcpyHtoD_v2(CUdeviceptr dstDevice, const void *srcHost, size_t ByteCount)}. */
  public int cuMemcpyHtoD_v2(long dstDevice, long srcHost, long ByteCount) {
    try {
      return (int) cuMemcpyHtoD_v2$mh.invokeExact(cuMemcpyHtoD_v2$address, dstDevice, srcHost, ByteCount);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemcpyDtoH_v2(void *dstHost, CUdeviceptr srcDevice, size_t ByteCount)}. */
  public int cuMemcpyDtoH_v2(long dstHost, long srcDevice, long ByteCount) {
    try {
      return (int) cuMemcpyDtoH_v2$mh.invokeExact(cuMemcpyDtoH_v2$address, dstHost, srcDevice, ByteCount);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemcpyHtoDAsync_v2(CUdeviceptr dstDevice, const void *srcHost, size_t ByteCount, CUstream hStream)}. */
  public int cuMemcpyHtoDAsync_v2(long dstDevice, long srcHost, long ByteCount, long hStream) {
    try {
      return (int) cuMemcpyHtoDAsync_v2$mh.invokeExact(cuMemcpyHtoDAsync_v2$address, dstDevice, srcHost, ByteCount, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemcpyDtoHAsync_v2(void *dstHost, CUdeviceptr srcDevice, size_t ByteCount, CUstream hStream)}. */
  public int cuMemcpyDtoHAsync_v2(long dstHost, long srcDevice, long ByteCount, long hStream) {
    try {
      return (int) cuMemcpyDtoHAsync_v2$mh.invokeExact(cuMemcpyDtoHAsync_v2$address, dstHost, srcDevice, ByteCount, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemcpyDtoDAsync_v2(CUdeviceptr dstDevice, CUdeviceptr srcDevice, size_t ByteCount, CUstream hStream)}. */
  public int cuMemcpyDtoDAsync_v2(long dstDevice, long srcDevice, long ByteCount, long hStream) {
    try {
      return (int) cuMemcpyDtoDAsync_v2$mh.invokeExact(cuMemcpyDtoDAsync_v2$address, dstDevice, srcDevice, ByteCount, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemcpy2DAsync_v2(const CUDA_MEMCPY2D *pCopy, CUstream hStream)}. */
  public int cuMemcpy2DAsync_v2(long pCopy, long hStream) {
    try {
      return (int) cuMemcpy2DAsync_v2$mh.invokeExact(cuMemcpy2DAsync_v2$address, pCopy, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemsetD8Async(CUdeviceptr dstDevice, unsigned char uc, size_t N, CUstream hStream)}. */
  public int cuMemsetD8Async(long dstDevice, byte uc, long N, long hStream) {
    try {
      return (int) cuMemsetD8Async$mh.invokeExact(cuMemsetD8Async$address, dstDevice, uc, N, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuMemsetD32Async(CUdeviceptr dstDevice, unsigned int ui, size_t N, CUstream hStream)}. */
  public int cuMemsetD32Async(long dstDevice, int ui, long N, long hStream) {
    try {
      return (int) cuMemsetD32Async$mh.invokeExact(cuMemsetD32Async$address, dstDevice, ui, N, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuStreamCreate(CUstream *phStream, unsigned int Flags)}. */
  public int cuStreamCreate(long phStream, int Flags) {
    try {
      return (int) cuStreamCreate$mh.invokeExact(cuStreamCreate$address, phStream, Flags);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuStreamDestroy_v2(CUstream hStream)}. */
  public int cuStreamDestroy_v2(long hStream) {
    try {
      return (int) cuStreamDestroy_v2$mh.invokeExact(cuStreamDestroy_v2$address, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuStreamSynchronize(CUstream hStream)}. */
  public int cuStreamSynchronize(long hStream) {
    try {
      return (int) cuStreamSynchronize$mh.invokeExact(cuStreamSynchronize$address, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuStreamQuery(CUstream hStream)}. */
  public int cuStreamQuery(long hStream) {
    try {
      return (int) cuStreamQuery$mh.invokeExact(cuStreamQuery$address, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuStreamWaitEvent(CUstream hStream, CUevent hEvent, unsigned int Flags)}. */
  public int cuStreamWaitEvent(long hStream, long hEvent, int Flags) {
    try {
      return (int) cuStreamWaitEvent$mh.invokeExact(cuStreamWaitEvent$address, hStream, hEvent, Flags);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuEventCreate(CUevent *phEvent, unsigned int Flags)}. */
  public int cuEventCreate(long phEvent, int Flags) {
    try {
      return (int) cuEventCreate$mh.invokeExact(cuEventCreate$address, phEvent, Flags);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuEventDestroy_v2(CUevent hEvent)}. */
  public int cuEventDestroy_v2(long hEvent) {
    try {
      return (int) cuEventDestroy_v2$mh.invokeExact(cuEventDestroy_v2$address, hEvent);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuEventRecord(CUevent hEvent, CUstream hStream)}. */
  public int cuEventRecord(long hEvent, long hStream) {
    try {
      return (int) cuEventRecord$mh.invokeExact(cuEventRecord$address, hEvent, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuEventQuery(CUevent hEvent)}. */
  public int cuEventQuery(long hEvent) {
    try {
      return (int) cuEventQuery$mh.invokeExact(cuEventQuery$address, hEvent);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuEventSynchronize(CUevent hEvent)}. */
  public int cuEventSynchronize(long hEvent) {
    try {
      return (int) cuEventSynchronize$mh.invokeExact(cuEventSynchronize$address, hEvent);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuEventElapsedTime(float *pMilliseconds, CUevent hStart, CUevent hEnd)}. */
  public int cuEventElapsedTime(long pMilliseconds, long hStart, long hEnd) {
    try {
      return (int) cuEventElapsedTime$mh.invokeExact(cuEventElapsedTime$address, pMilliseconds, hStart, hEnd);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuStreamBeginCapture_v2(CUstream hStream, CUstreamCaptureMode mode)}. */
  public int cuStreamBeginCapture_v2(long hStream, int mode) {
    try {
      return (int) cuStreamBeginCapture_v2$mh.invokeExact(cuStreamBeginCapture_v2$address, hStream, mode);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuStreamEndCapture(CUstream hStream, CUgraph *phGraph)}. */
  public int cuStreamEndCapture(long hStream, long phGraph) {
    try {
      return (int) cuStreamEndCapture$mh.invokeExact(cuStreamEndCapture$address, hStream, phGraph);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuGraphGetNodes(CUgraph hGraph, CUgraphNode *nodes, size_t *numNodes)}. */
  public int cuGraphGetNodes(long hGraph, long nodes, long numNodes) {
    try {
      return (int) cuGraphGetNodes$mh.invokeExact(cuGraphGetNodes$address, hGraph, nodes, numNodes);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuGraphInstantiateWithFlags(CUgraphExec *phGraphExec, CUgraph hGraph, unsigned long long flags)}. */
  public int cuGraphInstantiateWithFlags(long phGraphExec, long hGraph, long flags) {
    try {
      return (int) cuGraphInstantiateWithFlags$mh.invokeExact(cuGraphInstantiateWithFlags$address, phGraphExec, hGraph, flags);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuGraphLaunch(CUgraphExec hGraphExec, CUstream hStream)}. */
  public int cuGraphLaunch(long hGraphExec, long hStream) {
    try {
      return (int) cuGraphLaunch$mh.invokeExact(cuGraphLaunch$address, hGraphExec, hStream);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuGraphExecDestroy(CUgraphExec hGraphExec)}. */
  public int cuGraphExecDestroy(long hGraphExec) {
    try {
      return (int) cuGraphExecDestroy$mh.invokeExact(cuGraphExecDestroy$address, hGraphExec);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code CUresult cuGraphDestroy(CUgraph hGraph)}. */
  public int cuGraphDestroy(long hGraph) {
    try {
      return (int) cuGraphDestroy$mh.invokeExact(cuGraphDestroy$address, hGraph);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  private static Map<String, FunctionDescriptor> functions() {
    Map<String, FunctionDescriptor> m = new LinkedHashMap<>();
    m.put("cuInit", Native.descriptor("ii"));
    m.put("cuDriverGetVersion", Native.descriptor("il"));
    m.put("cuGetErrorName", Native.descriptor("iil"));
    m.put("cuGetErrorString", Native.descriptor("iil"));
    m.put("cuDeviceGetCount", Native.descriptor("il"));
    m.put("cuDeviceGet", Native.descriptor("ili"));
    m.put("cuDeviceGetName", Native.descriptor("ilii"));
    m.put("cuDeviceTotalMem_v2", Native.descriptor("ili"));
    m.put("cuDeviceGetAttribute", Native.descriptor("ilii"));
    m.put("cuDevicePrimaryCtxRetain", Native.descriptor("ili"));
    m.put("cuDevicePrimaryCtxRelease_v2", Native.descriptor("ii"));
    m.put("cuCtxSetCurrent", Native.descriptor("il"));
    m.put("cuCtxGetCurrent", Native.descriptor("il"));
    m.put("cuCtxSynchronize", Native.descriptor("i"));
    m.put("cuModuleLoadDataEx", Native.descriptor("illill"));
    m.put("cuModuleUnload", Native.descriptor("il"));
    m.put("cuModuleGetFunction", Native.descriptor("illl"));
    m.put("cuModuleGetGlobal_v2", Native.descriptor("illll"));
    m.put("cuFuncGetAttribute", Native.descriptor("ilil"));
    m.put("cuFuncSetAttribute", Native.descriptor("ilii"));
    m.put("cuLaunchKernel", Native.descriptor("iliiiiiiilll"));
    m.put("cuOccupancyMaxActiveBlocksPerMultiprocessor", Native.descriptor("illil"));
    m.put("cuMemGetInfo_v2", Native.descriptor("ill"));
    m.put("cuMemAlloc_v2", Native.descriptor("ill"));
    m.put("cuMemFree_v2", Native.descriptor("il"));
    m.put("cuMemHostAlloc", Native.descriptor("illi"));
    m.put("cuMemFreeHost", Native.descriptor("il"));
    m.put("cuMemcpyHtoD_v2", Native.descriptor("illl"));
    m.put("cuMemcpyDtoH_v2", Native.descriptor("illl"));
    m.put("cuMemcpyHtoDAsync_v2", Native.descriptor("illll"));
    m.put("cuMemcpyDtoHAsync_v2", Native.descriptor("illll"));
    m.put("cuMemcpyDtoDAsync_v2", Native.descriptor("illll"));
    m.put("cuMemcpy2DAsync_v2", Native.descriptor("ill"));
    m.put("cuMemsetD8Async", Native.descriptor("ilbll"));
    m.put("cuMemsetD32Async", Native.descriptor("ilill"));
    m.put("cuStreamCreate", Native.descriptor("ili"));
    m.put("cuStreamDestroy_v2", Native.descriptor("il"));
    m.put("cuStreamSynchronize", Native.descriptor("il"));
    m.put("cuStreamQuery", Native.descriptor("il"));
    m.put("cuStreamWaitEvent", Native.descriptor("illi"));
    m.put("cuEventCreate", Native.descriptor("ili"));
    m.put("cuEventDestroy_v2", Native.descriptor("il"));
    m.put("cuEventRecord", Native.descriptor("ill"));
    m.put("cuEventQuery", Native.descriptor("il"));
    m.put("cuEventSynchronize", Native.descriptor("il"));
    m.put("cuEventElapsedTime", Native.descriptor("illl"));
    m.put("cuStreamBeginCapture_v2", Native.descriptor("ili"));
    m.put("cuStreamEndCapture", Native.descriptor("ill"));
    m.put("cuGraphGetNodes", Native.descriptor("illl"));
    m.put("cuGraphInstantiateWithFlags", Native.descriptor("illl"));
    m.put("cuGraphLaunch", Native.descriptor("ill"));
    m.put("cuGraphExecDestroy", Native.descriptor("il"));
    m.put("cuGraphDestroy", Native.descriptor("il"));
    return m;
  }
}
