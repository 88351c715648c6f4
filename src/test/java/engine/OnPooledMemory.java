package engine;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs on a software GPU whose memory is pooled as a real one's: {@code --device sim} gives each
 * tensor memory of its own, and so never meets what another left. Slow: {@code ./check} leaves it
 * out, CI runs it.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@MethodSource("engine.TestDevices#pooled")
@ExtendWith(TestDevices.SkipsWhatADeviceCannotDo.class)
@Tag("slow")
public @interface OnPooledMemory {}
