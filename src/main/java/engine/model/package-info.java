/**
 * Models, built of {@code nn} layers only; names of parameters and buffers are torchvision's. Start
 * with ResNet.
 */
package engine.model;
