/**
 * Reference cases made by another implementation, run against this one: a folder with a {@code
 * manifest.json} and safetensors files says what goes in, what must come out, and how close.
 *
 * <p>Stands beside {@code cli} and may use every layer under it; nothing but {@code cli} depends on
 * it. Start with {@link engine.verify.CaseSuite}: it lists the runners of each group.
 */
package engine.verify;
