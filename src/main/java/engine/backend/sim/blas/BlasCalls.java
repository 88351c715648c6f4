package engine.backend.sim.blas;

import static engine.backend.sim.blas.BlasError.invalid;
import static engine.backend.sim.blas.BlasError.unsupported;

import engine.backend.sim.driver.Handles;
import engine.backend.sim.driver.HostMemory;
import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.driver.Work;
import engine.backend.sim.math.CpuMath;
import java.util.HashMap;
import java.util.Map;

/** Handles, descriptors, heuristics and the product. Every method is a C function of its name. */
final class BlasCalls {
  private static final long VERSION = 130000;
  private static final int MATRIX_ORDER = 1;
  private static final int MAX_WORKSPACE = 1;

  /** A {@code cublasLtMatmulPreference_t}. */
  private static final class Preference {
    long maxWorkspace;
  }

  private final SimDevice device;
  private final BlasErrors errors;
  private final CpuMath cpu;
  private final Map<String, Long> strings = new HashMap<>();
  private final Handles<Object> libraries = handles("cublasLtHandle_t", 16);
  private final Handles<Operation> operations = handles("cublasLtMatmulDesc_t", 17);
  private final Handles<Layout> layouts = handles("cublasLtMatrixLayout_t", 18);
  private final Handles<Preference> preferences = handles("cublasLtMatmulPreference_t", 19);

  private final int refused;

  /**
   * @param refused how many of the algorithms that are offered first cannot be taken
   */
  BlasCalls(SimDevice device, BlasErrors errors, CpuMath cpu, int refused) {
    this.refused = refused;
    this.device = device;
    this.errors = errors;
    this.cpu = cpu;
  }

  private static <T> Handles<T> handles(String type, int kind) {
    return new Handles<>(type, kind, BlasError::invalid);
  }

  // ---- the library ----

  long cublasLtGetVersion() {
    return VERSION;
  }

  long cublasLtGetStatusName(int status) {
    return string(BlasErrors.name(status));
  }

  /** The report of the last failure with this status, if there was one; else the status's name. */
  long cublasLtGetStatusString(int status) {
    return string(errors.text(status));
  }

  private long string(String s) {
    return strings.computeIfAbsent(s, t -> device.arena().allocateFrom(t).address());
  }

  void cublasLtCreate(long lightHandle) {
    device.requireContext();
    put(lightHandle, libraries.add(this));
  }

  void cublasLtDestroy(long lightHandle) {
    libraries.remove(lightHandle);
  }

  private static void put(long pointer, long handle) {
    if (pointer == 0) {
      throw invalid("the place for the handle is null");
    }
    HostMemory.putLong(pointer, "handle", handle);
  }

  // ---- descriptors ----

  void cublasLtMatmulDescCreate(long matmulDesc, int computeType, int scaleType) {
    put(matmulDesc, operations.add(new Operation(computeType, scaleType)));
  }

  void cublasLtMatmulDescDestroy(long matmulDesc) {
    operations.remove(matmulDesc);
  }

  void cublasLtMatmulDescSetAttribute(long matmulDesc, int attr, long buf, long sizeInBytes) {
    operations.get(matmulDesc).set(attr, value(buf, sizeInBytes, Operation.bytes(attr)));
  }

  void cublasLtMatrixLayoutCreate(long matLayout, int type, long rows, long cols, long ld) {
    put(matLayout, layouts.add(new Layout(BlasTypes.of(type), rows, cols, ld)));
  }

  void cublasLtMatrixLayoutDestroy(long matLayout) {
    layouts.remove(matLayout);
  }

  void cublasLtMatrixLayoutSetAttribute(long matLayout, int attr, long buf, long sizeInBytes) {
    if (attr != MATRIX_ORDER) {
      throw unsupported("the software GPU has no settable layout attribute %d", attr);
    }
    layouts.get(matLayout).order((int) value(buf, sizeInBytes, 4));
  }

  void cublasLtMatmulPreferenceCreate(long pref) {
    put(pref, preferences.add(new Preference()));
  }

  void cublasLtMatmulPreferenceDestroy(long pref) {
    preferences.remove(pref);
  }

  void cublasLtMatmulPreferenceSetAttribute(long pref, int attr, long buf, long sizeInBytes) {
    if (attr == MAX_WORKSPACE) {
      preferences.get(pref).maxWorkspace = value(buf, sizeInBytes, 8);
    } else {
      preferences.get(pref); // alignments and search modes make no difference here
      long unused = value(buf, sizeInBytes, 4);
    }
  }

  private static long value(long buf, long sizeInBytes, int bytes) {
    if (buf == 0 || sizeInBytes != bytes) {
      throw invalid("an attribute of %d bytes was given %d at 0x%x", bytes, sizeInBytes, buf);
    }
    return bytes == 8 ? HostMemory.getLong(buf) : HostMemory.getInt(buf);
  }

  // ---- products ----

  private Product product(long operation, long a, long b, long c, long d) {
    return new Product(
        operations.get(operation), layouts.get(a), layouts.get(b), layouts.get(c), layouts.get(d));
  }

  void cublasLtMatmulAlgoGetHeuristic(
      long lightHandle,
      long operationDesc,
      long aDesc,
      long bDesc,
      long cDesc,
      long dDesc,
      long preference,
      int requestedAlgoCount,
      long heuristicResultsArray,
      long returnAlgoCount) {
    libraries.get(lightHandle);
    if (requestedAlgoCount < 1 || heuristicResultsArray == 0 || returnAlgoCount == 0) {
      throw invalid("%d algorithms were asked for, or a result is null", requestedAlgoCount);
    }
    HostMemory.putInt(returnAlgoCount, "returnAlgoCount", 0);
    Product unused = product(operationDesc, aDesc, bDesc, cDesc, dDesc);
    int count =
        Algorithm.offer(
            preferences.get(preference).maxWorkspace,
            requestedAlgoCount,
            refused,
            heuristicResultsArray);
    HostMemory.putInt(returnAlgoCount, "returnAlgoCount", count);
  }

  void cublasLtMatmul(
      long lightHandle,
      long computeDesc,
      long alpha,
      long a,
      long aDesc,
      long b,
      long bDesc,
      long beta,
      long c,
      long cDesc,
      long d,
      long dDesc,
      long algo,
      long workspace,
      long workspaceSizeInBytes,
      long stream) {
    device.requireContext();
    libraries.get(lightHandle);
    Product p = product(computeDesc, aDesc, bDesc, cDesc, dDesc);
    Algorithm.check(device.memory(), algo, workspace, workspaceSizeInBytes);
    Run run = new Run(p, device.memory(), cpu, alpha, a, b, beta, c, d);
    device.submit(stream, new Work("cublasLtMatmul", run.uses(workspace), run));
  }
}
