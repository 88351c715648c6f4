package engine.backend.sim.dnn;

/** {@code cudnnStatus_t} (cudnn_graph.h), as far as the software GPU answers with it. */
enum Status {
  SUCCESS(0),
  NOT_INITIALIZED(1001),
  SUBLIBRARY_VERSION_MISMATCH(1002),
  BAD_PARAM(2000),
  BAD_PARAM_NULL_POINTER(2002),
  BAD_PARAM_MISALIGNED_POINTER(2003),
  BAD_PARAM_NOT_FINALIZED(2004),
  BAD_PARAM_SIZE_INSUFFICIENT(2006),
  BAD_PARAM_ATTRIBUTE_TYPE(2010),
  BAD_PARAM_DESCRIPTOR_TYPE(2012),
  NOT_SUPPORTED(3000),
  NOT_SUPPORTED_GRAPH_PATTERN(3001),
  NOT_SUPPORTED_SHAPE(3002),
  NOT_SUPPORTED_DATA_TYPE(3003),
  NOT_SUPPORTED_LAYOUT(3004),
  NOT_SUPPORTED_ARCH_MISMATCH(3007),
  INTERNAL_ERROR(4000),
  INTERNAL_ERROR_HOST_ALLOCATION_FAILED(4003),
  EXECUTION_FAILED(5000);

  final int code;

  Status(int code) {
    this.code = code;
  }

  /** The name in C of a code; null if there is none of that number here. */
  static String nameOf(int code) {
    for (Status s : values()) {
      if (s.code == code) {
        return "CUDNN_STATUS_" + s.name();
      }
    }
    return null;
  }
}
