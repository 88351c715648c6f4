package engine.backend.sim.dnn;

/** {@code cudnnBackendDescriptorType_t}, as far as the software GPU knows it. */
enum Kind {
  POINTWISE(0),
  CONVOLUTION(1),
  ENGINE(2),
  ENGINE_CONFIG(3),
  HEURISTIC(4),
  PLAN(5),
  KNOB_CHOICE(7),
  CONVOLUTION_FORWARD(10),
  CONVOLUTION_BACKWARD_FILTER(11),
  CONVOLUTION_BACKWARD_DATA(12),
  POINTWISE_OPERATION(13),
  GEN_STATS(14),
  OPERATION_GRAPH(15),
  VARIANT_PACK(16),
  TENSOR(17),
  MATMUL(18),
  MATMUL_OPERATION(19),
  REDUCTION(21),
  REDUCTION_OPERATION(22),
  NORM_FORWARD(29),
  NORM_BACKWARD(30),
  DEVICE_PROPERTIES(38);

  final int number;

  Kind(int number) {
    this.number = number;
  }

  /** Null if there is none of that number here. */
  static Kind of(int number) {
    for (Kind k : values()) {
      if (k.number == number) {
        return k;
      }
    }
    return null;
  }
}
