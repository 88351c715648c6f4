/**
 * Quantisation: what grid a tensor is rounded to ({@link engine.quant.QuantSpec}), how its range is
 * found ({@link engine.quant.MinMaxObserver}, {@link engine.quant.HistogramObserver}), rounding in
 * training ({@link engine.quant.FakeQuantizer}), and the conversion of a network to int8 ({@link
 * engine.quant.Int8Conversion}). A network's layers meet it as their {@link engine.nn.Rounding}.
 * May use {@code nn}, {@code graph}, {@code autograd} and what is below. Start with {@code
 * FakeQuantizer}; {@code docs/quantisation.md} tells the whole chain.
 */
package engine.quant;
