package engine.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class TimingTest {
  @Test
  void theMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle() {
    Timing t = Timing.of(9, 1, 3, 4);
    assertEquals(3.5, t.median());
    assertEquals(1, t.best());
    assertEquals(9, t.p99());
    assertEquals(4, t.runs());
  }

  @Test
  void aHundredthMayBeSlowerThanP99() {
    double[] ms = IntStream.rangeClosed(1, 200).asDoubleStream().toArray();
    assertEquals(199, Timing.of(ms).p99());
  }

  @Test
  void countedRunsAreTimedAfterTwoOfWarmUp() {
    int[] runs = {0};
    assertEquals(5, Timing.measure(new Budget(5, 10), () -> runs[0]++).runs());
    assertEquals(7, runs[0]);
  }

  @Test
  void withoutACountTheTimeIsSpentAndThreeRunsAreTheLeast() {
    assertEquals(3, Timing.measure(new Budget(0, 1e-9), TimingTest::timedSleep).runs());
    long start = System.nanoTime();
    assertTrue(Timing.measure(new Budget(0, 0.05), () -> 0).runs() > 3);
    assertTrue(System.nanoTime() - start > 50_000_000);
  }

  @Test
  void theProcessIsAsOldAsItsFirstLineAndHoldsMemory() {
    double before = ProcessStatus.ageSeconds();
    sleep();
    assertTrue(before > 0 && ProcessStatus.ageSeconds() >= before);
    double jvm = (System.currentTimeMillis() - startMillis()) / 1e3;
    assertEquals(jvm, ProcessStatus.ageSeconds(), 2);
    assertTrue(ProcessStatus.peakMegabytes() > 10);
  }

  private static long startMillis() {
    return ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
  }

  private static double timedSleep() {
    sleep();
    return 2;
  }

  private static void sleep() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
