package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_GENSTATS_MATH_PREC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_GENSTATS_MODE;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_GENSTATS_SQSUMDESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_GENSTATS_SUMDESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_GENSTATS_XDESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_BWD_DBIAS_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_BWD_DSCALE_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_BWD_DXDESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_BWD_DYDESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_BWD_INV_VARIANCE_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_BWD_MEAN_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_BWD_MODE;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_BWD_SCALE_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_BWD_XDESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_BIAS_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_EPSILON_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_EXP_AVG_FACTOR_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_INPUT_RUNNING_MEAN_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_INPUT_RUNNING_VAR_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_INV_VARIANCE_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_MEAN_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_MODE;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_MEAN_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_VAR_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_PHASE;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_SCALE_DESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_XDESC;
import static engine.ffi.Cudnn.CUDNN_ATTR_OPERATION_NORM_FWD_YDESC;
import static engine.ffi.Cudnn.CUDNN_BACKEND_OPERATION_GEN_STATS_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_OPERATION_NORM_BACKWARD_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_OPERATION_NORM_FORWARD_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BATCH_NORM;
import static engine.ffi.Cudnn.CUDNN_DATA_FLOAT;
import static engine.ffi.Cudnn.CUDNN_GENSTATS_SUM_SQSUM;
import static engine.ffi.Cudnn.CUDNN_NORM_FWD_TRAINING;
import static engine.ffi.Cudnn.CUDNN_TYPE_DATA_TYPE;
import static engine.ffi.Cudnn.CUDNN_TYPE_GENSTATS_MODE;
import static engine.ffi.Cudnn.CUDNN_TYPE_NORM_FWD_PHASE;
import static engine.ffi.Cudnn.CUDNN_TYPE_NORM_MODE;

import engine.backend.cuda.dnn.GraphOperation.NormBackward;
import engine.backend.cuda.dnn.GraphOperation.NormForward;
import engine.backend.cuda.dnn.GraphOperation.Statistics;

/** Writes what belongs to batch norm; the part of {@link DescriptorWriter} for training. */
final class NormWriter {
  private final Descriptors to;
  private final DescriptorWriter tensors;

  NormWriter(Descriptors to, DescriptorWriter tensors) {
    this.to = to;
    this.tensors = tensors;
  }

  long statistics(Statistics s) {
    long o = to.make(CUDNN_BACKEND_OPERATION_GEN_STATS_DESCRIPTOR);
    to.setInts(
        o, CUDNN_ATTR_OPERATION_GENSTATS_MODE, CUDNN_TYPE_GENSTATS_MODE, CUDNN_GENSTATS_SUM_SQSUM);
    to.setInts(o, CUDNN_ATTR_OPERATION_GENSTATS_MATH_PREC, CUDNN_TYPE_DATA_TYPE, CUDNN_DATA_FLOAT);
    part(o, CUDNN_ATTR_OPERATION_GENSTATS_XDESC, s.x());
    part(o, CUDNN_ATTR_OPERATION_GENSTATS_SUMDESC, s.sum());
    part(o, CUDNN_ATTR_OPERATION_GENSTATS_SQSUMDESC, s.squares());
    return to.finish(o, "statistics of extents " + s.x().dims());
  }

  long forward(NormForward n) {
    long o = to.make(CUDNN_BACKEND_OPERATION_NORM_FORWARD_DESCRIPTOR);
    to.setInts(o, CUDNN_ATTR_OPERATION_NORM_FWD_MODE, CUDNN_TYPE_NORM_MODE, CUDNN_BATCH_NORM);
    to.setInts(
        o, CUDNN_ATTR_OPERATION_NORM_FWD_PHASE, CUDNN_TYPE_NORM_FWD_PHASE, CUDNN_NORM_FWD_TRAINING);
    part(o, CUDNN_ATTR_OPERATION_NORM_FWD_XDESC, n.x());
    part(o, CUDNN_ATTR_OPERATION_NORM_FWD_YDESC, n.y());
    part(o, CUDNN_ATTR_OPERATION_NORM_FWD_SCALE_DESC, n.affine().first());
    part(o, CUDNN_ATTR_OPERATION_NORM_FWD_BIAS_DESC, n.affine().second());
    part(o, CUDNN_ATTR_OPERATION_NORM_FWD_MEAN_DESC, n.batch().first());
    part(o, CUDNN_ATTR_OPERATION_NORM_FWD_INV_VARIANCE_DESC, n.batch().second());
    number(o, CUDNN_ATTR_OPERATION_NORM_FWD_EPSILON_DESC, n.epsilon());
    number(o, CUDNN_ATTR_OPERATION_NORM_FWD_EXP_AVG_FACTOR_DESC, n.momentum());
    int[] running = {
      CUDNN_ATTR_OPERATION_NORM_FWD_INPUT_RUNNING_MEAN_DESC,
      CUDNN_ATTR_OPERATION_NORM_FWD_INPUT_RUNNING_VAR_DESC,
      CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_MEAN_DESC,
      CUDNN_ATTR_OPERATION_NORM_FWD_OUTPUT_RUNNING_VAR_DESC
    };
    for (int i = 0; i < running.length; i++) {
      part(o, running[i], n.running().get(i));
    }
    return to.finish(o, "a batch norm of extents " + n.x().dims());
  }

  long backward(NormBackward n) {
    long o = to.make(CUDNN_BACKEND_OPERATION_NORM_BACKWARD_DESCRIPTOR);
    to.setInts(o, CUDNN_ATTR_OPERATION_NORM_BWD_MODE, CUDNN_TYPE_NORM_MODE, CUDNN_BATCH_NORM);
    part(o, CUDNN_ATTR_OPERATION_NORM_BWD_XDESC, n.x());
    part(o, CUDNN_ATTR_OPERATION_NORM_BWD_DYDESC, n.dy());
    part(o, CUDNN_ATTR_OPERATION_NORM_BWD_DXDESC, n.dx());
    part(o, CUDNN_ATTR_OPERATION_NORM_BWD_SCALE_DESC, n.scale());
    part(o, CUDNN_ATTR_OPERATION_NORM_BWD_MEAN_DESC, n.batch().first());
    part(o, CUDNN_ATTR_OPERATION_NORM_BWD_INV_VARIANCE_DESC, n.batch().second());
    part(o, CUDNN_ATTR_OPERATION_NORM_BWD_DSCALE_DESC, n.gradients().first());
    part(o, CUDNN_ATTR_OPERATION_NORM_BWD_DBIAS_DESC, n.gradients().second());
    return to.finish(o, "the gradients of a batch norm of extents " + n.x().dims());
  }

  private void part(long operation, int attribute, GraphTensor t) {
    to.setParts(operation, attribute, tensors.tensor(t));
  }

  private void number(long operation, int attribute, GraphTensor t) {
    to.setParts(operation, attribute, tensors.number(t));
  }
}
