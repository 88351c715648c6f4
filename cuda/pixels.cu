// From decoded pixels, u8 in N, H, W, C order, to what a network takes.
//
// | kernel           | idea                                                             | bytes moved a value |
// | ---------------- | ---------------------------------------------------------------- | ------------------- |
// | normalize_pixels | (x / 255 - mean[c]) / std[c] to fp32 NCHW; a thread an output, so | 5                   |
// |                  | that the wide side is written side by side                        |                     |
#include "common.cuh"

// plane: H * W. Operation by operation as torchvision's ToTensor and Normalize, to the same bits.
extern "C" __global__ void normalize_pixels(
    const u8* pixels, const float* mean, const float* std, float* y, i64 n, int channels, i64 plane) {
  for (i64 i = global_index(); i < n; i += global_size()) {
    i64 image = i / plane / channels;
    int c = (int)(i / plane % channels);
    u8 v = pixels[(image * plane + i % plane) * channels + c];
    y[i] = (v / 255.0f - mean[c]) / std[c];
  }
}
