package engine.backend.cpu.dnnl;

import engine.tensor.Tensor;
import java.util.Arrays;

/** The arguments of one primitive: what it is to the primitive, how it lies, where it is. */
public final class Args {
  private int[] roles = new int[8];
  private Md[] mds = new Md[8];
  private long[] addresses = new long[8];
  private int size;

  /**
   * Adds an argument; a null tensor is left out.
   *
   * @param role {@code DNNL_ARG_*}
   * @param md the descriptor that the primitive was made with
   */
  public Args add(int role, Md md, Tensor t) {
    return t == null ? this : add(role, md, t.address());
  }

  public Args add(int role, Md md, long address) {
    if (size == roles.length) {
      roles = Arrays.copyOf(roles, 2 * size);
      mds = Arrays.copyOf(mds, 2 * size);
      addresses = Arrays.copyOf(addresses, 2 * size);
    }
    roles[size] = role;
    mds[size] = md;
    addresses[size++] = address;
    return this;
  }

  int size() {
    return size;
  }

  int role(int i) {
    return roles[i];
  }

  Md md(int i) {
    return mds[i];
  }

  long address(int i) {
    return addresses[i];
  }
}
