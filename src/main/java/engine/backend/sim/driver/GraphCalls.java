package engine.backend.sim.driver;

import engine.ffi.CudaDriver;

/** Graphs: captured once, launched often. */
final class GraphCalls {
  private final SimDevice device;
  private final Handles<Graph> executables = new Handles<>("CUgraphExec", 4);

  GraphCalls(SimDevice device) {
    this.device = device;
  }

  void cuGraphGetNodes(long hGraph, long nodes, long numNodes) {
    Graph g = device.streams.graphs.get(hGraph);
    if (nodes != 0) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_NOT_SUPPORTED, "the software GPU counts nodes: pass nodes = NULL");
    }
    HostMemory.putLong(numNodes, "numNodes", g.nodes().size());
  }

  void cuGraphInstantiateWithFlags(long phGraphExec, long hGraph, long flags) {
    Graph g = device.streams.graphs.get(hGraph);
    if (flags != 0) {
      throw new CudaError(CudaDriver.CUDA_ERROR_INVALID_VALUE, "flags must be 0");
    }
    HostMemory.notNull(phGraphExec, "phGraphExec");
    HostMemory.putLong(phGraphExec, "phGraphExec", executables.add(g));
  }

  void cuGraphLaunch(long hGraphExec, long hStream) {
    Graph g = executables.get(hGraphExec);
    g.nodes().forEach(work -> device.streams.submit(hStream, work));
  }

  void cuGraphExecDestroy(long hGraphExec) {
    executables.remove(hGraphExec);
  }

  void cuGraphDestroy(long hGraph) {
    device.streams.graphs.remove(hGraph);
  }
}
