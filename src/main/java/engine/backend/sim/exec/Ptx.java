package engine.backend.sim.exec;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The PTX instructions that a static method computes, for one lane. Types narrower than 32 bits
 * share the method of the 32-bit type and halves that of {@code f32}: {@link LaneCode} widens what
 * goes in and rounds what comes out.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Ptx {
  String[] value();
}
