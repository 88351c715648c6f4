package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;

/** Which device a plan is for: this one. */
record DeviceProperties(int version) {
  /** Compute capability 8.6, as cuDNN writes it. */
  private static final int VERSION = 860;

  static DeviceProperties of(Descriptor d) {
    if (d.has(Attribute.DEVICE_JSON)) {
      return ofJson(d.text(Attribute.DEVICE_JSON));
    }
    if (d.number(Attribute.DEVICE_ID, 0) != 0) {
      throw bad("there is one device, 0");
    }
    if (!d.has(Attribute.DEVICE_ID) && !d.has(Attribute.DEVICE_HANDLE)) {
      throw bad("device properties need a device, a handle or a description");
    }
    return new DeviceProperties(VERSION);
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
