package engine.quant;

import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import engine.backend.Conv2dGeometry;
import engine.backend.Conv2dGeometry.Padding;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * A convolution's geometry in the JSON of an int8 checkpoint. {@code padH} and {@code padW} are of
 * both sides; {@code padBottom} and {@code padRight} stand beside them where those have others.
 */
final class ConvGeometryJson extends TypeAdapter<Conv2dGeometry> {
  @Override
  public void write(JsonWriter out, Conv2dGeometry g) throws IOException {
    if (g == null) {
      out.nullValue();
      return;
    }
    out.beginObject();
    out.name("strideH").value(g.strideH()).name("strideW").value(g.strideW());
    out.name("padH").value(g.padTop()).name("padW").value(g.padLeft());
    if (!g.padding().isSymmetric()) {
      out.name("padBottom").value(g.padBottom()).name("padRight").value(g.padRight());
    }
    out.name("dilationH").value(g.dilationH()).name("dilationW").value(g.dilationW());
    out.name("groups").value(g.groups()).endObject();
  }

  @Override
  public Conv2dGeometry read(JsonReader in) throws IOException {
    Map<String, Integer> n = new HashMap<>();
    in.beginObject();
    while (in.hasNext()) {
      n.put(in.nextName(), in.nextInt());
    }
    in.endObject();
    int top = n.get("padH");
    int left = n.get("padW");
    return new Conv2dGeometry(
        n.get("strideH"),
        n.get("strideW"),
        new Padding(top, left, n.getOrDefault("padBottom", top), n.getOrDefault("padRight", left)),
        n.get("dilationH"),
        n.get("dilationW"),
        n.get("groups"));
  }
}
