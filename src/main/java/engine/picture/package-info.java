/**
 * What happens to a picture, and to its target, between a file and a network: numbers that are
 * drawn once and read by whoever does the work, the loader's threads or a device's kernels.
 *
 * <p>A {@link engine.picture.Region} is cut out of a picture or erased in it; where it reaches
 * outside it is padding. A {@link engine.picture.PictureDraw} is what is done to one picture that
 * has its size (a flip, a {@link engine.picture.ColorDraw}, an erased region), a {@link
 * engine.picture.Mix} what is done to a batch of them, {@link engine.picture.MixedTargets} what
 * becomes of its labels, and a {@link engine.picture.Normalization} makes the floats that a network
 * reads.
 *
 * <p>Records alone: {@code data.transform} draws and applies them on the host, {@code
 * backend.PictureFeed} takes them to a device. The package depends on {@code base} at most.
 */
package engine.picture;
