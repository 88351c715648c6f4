/**
 * Image transforms that give, bit for bit, what torchvision's transforms give on PIL images.
 *
 * <p>Start with {@link engine.data.transform.Transform} and the factories in {@link
 * engine.data.transform.Transforms}; then {@code Resampler}, the antialiased two-pass resize that
 * everything else leans on. What is random is drawn first, as a record of {@code picture}, and then
 * applied: {@link engine.data.transform.LateAugmentation} draws what the host or a device applies,
 * {@link engine.data.transform.Mixing} how a batch is mixed. {@link
 * engine.data.transform.TransformSpec} is the preprocessing that travels in a checkpoint.
 *
 * <p>Randomness always comes from the caller's generator. Transforms hold no state, so one may be
 * used by many threads. {@code data}, {@code train}, {@code verify} and {@code cli} may depend on
 * this package; it depends on {@code data.image}, {@code picture} and {@code base} alone.
 */
package engine.data.transform;
