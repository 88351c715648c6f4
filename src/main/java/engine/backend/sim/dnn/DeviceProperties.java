package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/**
 * Which device a plan is for.
 *
 * @param version its compute capability as cuDNN writes it: 860 for 8.6
 */
record DeviceProperties(int version) {
  private static final int AMPERE = 800;

  /** That of an architecture such as 86. */
  static DeviceProperties ofArchitecture(int architecture) {
    return new DeviceProperties(10 * architecture);
  }

  /**
   * @param here what a device's number stands for
   */
  static DeviceProperties of(Descriptor d, DeviceProperties here) {
    if (d.has(Attribute.DEVICE_JSON)) {
      return ofJson(d.text(Attribute.DEVICE_JSON));
    }
    if (d.number(Attribute.DEVICE_ID, 0) != 0) {
      throw bad("there is one device, 0");
    }
    if (!d.has(Attribute.DEVICE_ID) && !d.has(Attribute.DEVICE_HANDLE)) {
      throw bad("device properties need a device, a handle or a description");
    }
    return here;
  }

  /** Whether it is older than the first one that norms and their sums have engines for. */
  boolean isBeforeAmpere() {
    return version < AMPERE;
  }

  private static DeviceProperties ofJson(String text) {
    try {
      JsonObject json = JsonParser.parseString(text).getAsJsonObject();
      return new DeviceProperties(json.get("deviceVer").getAsInt());
    } catch (JsonParseException | IllegalStateException | NullPointerException e) {
      throw bad("the description of the device is no JSON object with a deviceVer");
    }
  }
}
