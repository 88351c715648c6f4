package engine.backend.sim.dnn;

/** {@code cudnnBackendAttributeType_t}: what the elements of an attribute are in C. */
enum ValueType {
  HANDLE(0, 8),
  DATA_TYPE(1, 4),
  BOOLEAN(2, 1),
  INT64(3, 8),
  FLOAT(4, 4),
  DOUBLE(5, 8),
  VOID_PTR(6, 8),
  CONVOLUTION_MODE(7, 4),
  HEUR_MODE(8, 4),
  KNOB_TYPE(9, 4),
  NAN_PROPAGATION(10, 4),
  NUMERICAL_NOTE(11, 4),
  LAYOUT_TYPE(12, 4),
  POINTWISE_MODE(14, 4),
  BACKEND_DESCRIPTOR(15, 8),
  GENSTATS_MODE(16, 4),
  BN_FINALIZE_STATS_MODE(17, 4),
  REDUCTION_OPERATOR(18, 4),
  BEHAVIOR_NOTE(19, 4),
  REORDERING_MODE(20, 4),
  INT32(23, 4),
  CHAR(24, 1),
  NORM_MODE(27, 4),
  NORM_FWD_PHASE(28, 4);

  final int number;

  /** Bytes of an element. */
  final int bytes;

  ValueType(int number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  /** Null if there is none of that number here. */
  static ValueType of(int number) {
    for (ValueType t : values()) {
      if (t.number == number) {
        return t;
      }
    }
    return null;
  }
}
