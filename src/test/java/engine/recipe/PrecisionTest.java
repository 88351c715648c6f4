package engine.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Backend;
import engine.backend.Devices;
import engine.backend.HalfPrecision;
import engine.base.UserError;
import engine.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a name of a precision means on devices of several abilities. */
final class PrecisionTest {
  private static final HalfPrecision CPU =
      new HalfPrecision(DType.BF16, Map.of(DType.F16, "there is no kernel"), Map.of());
  private static final HalfPrecision GPU = new HalfPrecision(DType.F16, Map.of(), Map.of());
  private static final HalfPrecision SLOW =
      new HalfPrecision(DType.BF16, Map.of(), Map.of(DType.BF16, "it has no instructions"));
  private static final HalfPrecision NONE =
      new HalfPrecision(
          DType.BF16, Map.of(DType.F16, "no kernel", DType.BF16, "no instructions"), Map.of());

  private final List<String> said = new ArrayList<>();

  private DType of(String name, HalfPrecision device) {
    return Precision.of(name, device, said::add).compute();
  }

  private void assertRefused(String name, HalfPrecision device, String message) {
    UserError e = assertThrows(UserError.class, () -> of(name, device));
    assertEquals(message, e.getMessage());
  }

  @Test
  void ampIsTheHalfTypeThatSuitsTheDevice() {
    assertEquals(DType.BF16, of("amp", CPU));
    assertEquals(DType.F16, of("amp", GPU));
    assertEquals(DType.BF16, of("bf16", GPU));
    assertEquals(DType.F32, of("fp32", GPU));
    assertEquals(List.of(), said);
  }

  @Test
  void aTypeThatTheDeviceLacksIsRefusedWithTheReason() {
    assertRefused(
        "fp16",
        CPU,
        "--precision fp16 cannot be had: there is no kernel; use amp, which is bf16 on this device");
    assertRefused("bf16", NONE, "--precision bf16 cannot be had: no instructions; use fp32");
    assertRefused("int4", CPU, "--precision must be fp32, tf32, amp, bf16 or fp16, not 'int4'");
  }

  @Test
  void tf32IsFp32WithRoundedProductsWhereTheDeviceHasIt() {
    try (Backend sim = Devices.open("sim", 1);
        Backend cpu = Devices.open("cpu", 1)) {
      Precision tf32 = Precision.of("tf32", sim, said::add);
      assertEquals(DType.F32, tf32.compute());
      assertEquals("tf32", tf32.toString());
      UserError e = assertThrows(UserError.class, () -> Precision.of("tf32", cpu, said::add));
      assertEquals(
          "--precision tf32 cannot be had: TF32 is what tensor cores of NVIDIA GPUs make of fp32;"
              + " use fp32 or amp",
          e.getMessage());
    }
  }

  @Test
  void ampGoesOnInFp32WhereHalfWouldBeSlowUnlessTheTypeIsNamed() {
    assertEquals(DType.F32, of("amp", SLOW));
    assertEquals(
        List.of(
            "warning: --precision amp computes in fp32 here, since it has no instructions;"
                + " --precision bf16 insists, and will be slow"),
        said);
    assertEquals(DType.BF16, of("bf16", SLOW));
    assertEquals("warning: --precision bf16 will be slow: it has no instructions", said.getLast());
    assertEquals(DType.F32, of("amp", NONE));
    assertTrue(said.getLast().endsWith("computes in fp32 here, since no instructions"));
  }

  @Test
  void aLossIsScaledByItselfInFp16Alone() {
    assertTrue(LossScale.AUTO.isUsed(new Precision(DType.F16)));
    assertTrue(!LossScale.AUTO.isUsed(new Precision(DType.BF16)));
    assertTrue(!LossScale.AUTO.isUsed(Precision.FP32));
    assertTrue(new LossScale("1024", 1, 2, 0.5, 1).isUsed(Precision.FP32));
  }
}
