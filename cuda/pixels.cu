// From decoded pixels, u8 in N, H, W, C order, to what a network takes.
//
// | kernel           | idea                                                             | bytes moved a value |
// | ---------------- | ---------------------------------------------------------------- | ------------------- |
// | normalize_pixels | (x / 255 - mean[c]) / std[c] to fp32 NCHW; a thread an output, so | 5                   |
// |                  | that the wide side is written side by side                        |                     |
// | augment_luma     | a block a picture: the mean that contrast pulls towards           | 1                   |
// | augment          | a thread a pixel: crop, flip, brightness, contrast, saturation,   | 3 + 8/3             |
// |                  | hue, normalise, all in registers; fp16 NHWC with 4 channels       |                     |
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

// ---- Augmentation on the device: u8 NHWC pictures in, a normalised fp16 NHWC batch out.

// What was drawn for one picture. Factors of 1 and a hue of 0 change nothing.
struct Augment {
  int x, y;      // left and top of the crop
  int flip;      // left to right
  float brightness, contrast, saturation, hue;  // in this order; hue in turns, -0.5 to 0.5
};

struct Rgb {
  float r, g, b;
};

__device__ __forceinline__ float clamp01(float v) { return fminf(fmaxf(v, 0), 1); }
// ITU-R 601-2 luma.
__device__ __forceinline__ float luma(Rgb c) { return 0.2989f * c.r + 0.587f * c.g + 0.114f * c.b; }
__device__ __forceinline__ Rgb blend(Rgb c, float other, float by) {
  return {clamp01(by * c.r + (1 - by) * other), clamp01(by * c.g + (1 - by) * other),
          clamp01(by * c.b + (1 - by) * other)};
}
__device__ __forceinline__ Rgb load(const u8* p, float brightness) {
  return {clamp01(p[0] / 255.0f * brightness), clamp01(p[1] / 255.0f * brightness),
          clamp01(p[2] / 255.0f * brightness)};
}

// Turns the hue: RGB to HSV and back (Foley et al., Computer Graphics, section 13.3.4).
__device__ __forceinline__ Rgb turn_hue(Rgb c, float turns) {
  float max = fmaxf(c.r, fmaxf(c.g, c.b)), min = fminf(c.r, fminf(c.g, c.b)), range = max - min;
  if (range == 0) return c;
  float h = c.r == max ? (c.g - c.b) / range : c.g == max ? 2 + (c.b - c.r) / range : 4 + (c.r - c.g) / range;
  h = h / 6 + turns;
  h = (h - floorf(h)) * 6;
  float s = range / max, sector = floorf(h), f = h - sector;
  float p = max * (1 - s), q = max * (1 - s * f), t = max * (1 - s * (1 - f));
  switch ((int)sector % 6) {
    case 0: return {max, t, p};
    case 1: return {q, max, p};
    case 2: return {p, max, t};
    case 3: return {p, q, max};
    case 4: return {t, p, max};
    default: return {max, p, q};
  }
}

// Mean luma of each crop after its brightness: what contrast pulls towards. gridDim.x = pictures.
extern "C" __global__ void augment_luma(
    const u8* pixels, const Augment* drawn, float* mean, int width, int height, int out_w, int out_h) {
  __shared__ float partial[WARP];
  Augment a = drawn[blockIdx.x];
  const u8* picture = pixels + (i64)blockIdx.x * width * height * 3;
  float sum = 0;
  for (int i = threadIdx.x; i < out_w * out_h; i += blockDim.x) {
    sum += luma(load(picture + ((i64)(a.y + i / out_w) * width + a.x + i % out_w) * 3, a.brightness));
  }
  sum = block_sum(sum, partial);
  if (threadIdx.x == 0) mean[blockIdx.x] = sum / (out_w * out_h);
}

// Crop, flip, jitter, (v - mean[c]) / std[c], fp16 with 4 channels, the last 0: one 8-byte store a pixel.
extern "C" __global__ void augment(
    const u8* pixels, const Augment* drawn, const float* luma_mean, const float* mean, const float* std, u16* y,
    int pictures, int width, int height, int out_w, int out_h) {
  for (i64 i = global_index(); i < (i64)pictures * out_w * out_h; i += global_size()) {
    int picture = (int)(i / out_w / out_h), row = (int)(i / out_w % out_h), column = (int)(i % out_w);
    Augment a = drawn[picture];
    int from = a.x + (a.flip ? out_w - 1 - column : column);
    Rgb c = load(pixels + (((i64)picture * height + a.y + row) * width + from) * 3, a.brightness);
    c = blend(c, luma_mean[picture], a.contrast);
    c = blend(c, luma(c), a.saturation);
    if (a.hue != 0) c = turn_hue(c, a.hue);
    u32 rg = f32_to_f16((c.r - mean[0]) / std[0]) | (u32)f32_to_f16((c.g - mean[1]) / std[1]) << 16;
    ((uint2*)y)[i] = make_uint2(rg, f32_to_f16((c.b - mean[2]) / std[2]));
  }
}
