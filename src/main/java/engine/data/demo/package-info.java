/**
 * The demo set: synthetic pictures of ten natural scenes, drawn on first use so that a fresh clone
 * can train on something. They are not photographs, and a score on them says nothing about
 * photographs.
 *
 * <p>A picture is a small landscape model seen by a camera: {@link engine.data.demo.Light} is the
 * time of day, {@code Sky} the background, {@code Terrain} a height field drawn by ray marching,
 * {@code Water} a plane that mirrors what is above it, and the {@code *Scene} classes say what
 * stands where. {@link engine.data.demo.DemoDataset} writes them as an ordinary image folder. Only
 * {@code data.Datasets} uses this package.
 */
package engine.data.demo;
