package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

/** {@code cudnnPointwiseMode_t}, as far as the software GPU has it: what it reads and computes. */
enum PointwiseMode {
  ADD(0, Form.BINARY),
  MUL(1, Form.BINARY),
  MIN(2, Form.BINARY),
  MAX(3, Form.BINARY),
  SQRT(4, Form.UNARY),
  DIV(6, Form.BINARY),
  SUB(9, Form.BINARY),
  ABS(10, Form.UNARY),
  EXP(13, Form.UNARY),
  LOG(15, Form.UNARY),
  NEG(16, Form.UNARY),
  RSQRT(17, Form.UNARY),
  IDENTITY(21, Form.UNARY),
  RECIPROCAL(22, Form.UNARY),
  RELU_FWD(100, Form.UNARY),
  TANH_FWD(101, Form.UNARY),
  SIGMOID_FWD(102, Form.UNARY),
  RELU_BWD(200, Form.BACKWARD),
  CMP_EQ(300, Form.BINARY),
  CMP_NEQ(301, Form.BINARY),
  CMP_GT(302, Form.BINARY),
  CMP_GE(303, Form.BINARY),
  CMP_LT(304, Form.BINARY),
  CMP_LE(305, Form.BINARY),
  BINARY_SELECT(601, Form.SELECT);

  /** Which tensors take part. */
  enum Form {
    /** y from x. */
    UNARY,
    /** y from x and b. */
    BINARY,
    /** dx from x and dy. */
    BACKWARD,
    /** y from x and b by the mask t. */
    SELECT
  }

  final int number;
  final Form form;

  PointwiseMode(int number, Form form) {
    this.number = number;
    this.form = form;
  }

  static PointwiseMode of(long number) {
    for (PointwiseMode m : values()) {
      if (m.number == number) {
        return m;
      }
    }
    throw bad("%d is no pointwise mode that the software GPU has", number);
  }

  /**
   * One element.
   *
   * @param b the second operand, or dy
   */
  double apply(double x, double b, PointwiseShape p) {
    return switch (this) {
      case ADD -> x + b;
      case MUL -> x * b;
      case MIN -> Math.min(x, b);
      case MAX -> Math.max(x, b);
      case SQRT -> Math.sqrt(x);
      case DIV -> x / b;
      case SUB -> x - b;
      case ABS -> Math.abs(x);
      case EXP -> Math.exp(x);
      case LOG -> Math.log(x);
      case NEG -> -x;
      case RSQRT -> 1 / Math.sqrt(x);
      case IDENTITY -> x;
      case RECIPROCAL -> 1 / x;
      case RELU_FWD -> p.relu(x);
      case TANH_FWD -> Math.tanh(x);
      case SIGMOID_FWD -> 1 / (1 + Math.exp(-x));
      case RELU_BWD -> x > p.lower() && x < p.upper() ? b : p.slope() * b;
      case CMP_EQ -> x == b ? 1 : 0;
      case CMP_NEQ -> x != b ? 1 : 0;
      case CMP_GT -> x > b ? 1 : 0;
      case CMP_GE -> x >= b ? 1 : 0;
      case CMP_LT -> x < b ? 1 : 0;
      case CMP_LE -> x <= b ? 1 : 0;
      case BINARY_SELECT -> throw new AssertionError("needs a mask");
    };
  }
}
