package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import java.util.LinkedHashMap;
import java.util.Map;

/** Addresses of a graph's tensors by their ids, and of the workspace, 0 for none. */
record VariantPack(Map<Long, Long> pointers, long workspace) {

  static VariantPack of(Descriptor d) {
    long[] ids = d.elements(Attribute.PACK_UNIQUE_IDS);
    long[] pointers = d.elements(Attribute.PACK_DATA_POINTERS);
    if (ids.length != pointers.length) {
      throw bad("%d unique ids but %d data pointers", ids.length, pointers.length);
    }
    Map<Long, Long> map = new LinkedHashMap<>();
    for (int i = 0; i < ids.length; i++) {
      if (map.put(ids[i], pointers[i]) != null) {
        throw bad("unique id %d is given twice", ids[i]);
      }
    }
    return new VariantPack(map, d.number(Attribute.PACK_WORKSPACE, 0));
  }
}
