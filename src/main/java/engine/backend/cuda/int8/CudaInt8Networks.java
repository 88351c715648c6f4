package engine.backend.cuda.int8;

import engine.backend.Int8Graph;
import engine.backend.Int8Layer;
import engine.backend.Int8Network;
import engine.backend.Int8Networks;
import engine.backend.UnsupportedOnDeviceException;
import engine.base.Setting;

/** Quantised networks by cuDNN's graphs of bytes, cuBLASLt's products and own kernels. */
public final class CudaInt8Networks implements Int8Networks {
  private final Int8Device device;

  public CudaInt8Networks(Int8Device device) {
    this.device = device;
  }

  @Override
  public Int8Network compile(Int8Graph graph) {
    for (Int8Layer l : graph.layers()) {
      if (l instanceof Int8Layer.Conv c && c.geometry().groups() != 1) {
        throw new UnsupportedOnDeviceException(
            ("%s has %d groups, and int8 convolutions of a GPU have one here: use "
                    + Setting.DEVICE
                    + " cpu")
                .formatted(c.name(), c.geometry().groups()));
      }
    }
    return new CudaInt8Network(graph, device);
  }
}
