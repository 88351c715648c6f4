/**
 * Layers: parameters, buffers, and a forward written with autograd ops. Depends on {@code
 * autograd}, and on {@code backend} as an interface; what rounds a network's numbers comes in from
 * above, through {@link engine.nn.Rounding}. Start with {@link engine.nn.Module}.
 */
package engine.nn;
