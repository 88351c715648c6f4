// Masks of inverted dropout: 1/(1-p) where kept, else 0.
//
// | kernel          | idea                                                              | bytes moved an element |
// | --------------- | ----------------------------------------------------------------- | ---------------------- |
// | dropout_mask_v1 | a thread an element: three of four Philox words are thrown away    | 4                      |
// | dropout_mask    | a thread four elements: one Philox call, one 16-byte store         | 4                      |
//
// Element i is kept if word i % 4 of Philox at counter (i/4, stream, step) under the key `seed` gives a
// uniform not below p. Seed and step are read from the device, so that a replayed step draws anew; the CPU
// device makes the same bits.
#include "common.cuh"

// state: seed, step.
__device__ __forceinline__ Philox draw(const u64* state, i64 group, u32 stream) {
  u64 seed = state[0], step = state[1];
  return philox((u32)group, stream, (u32)step, (u32)(step >> 32), (u32)seed, (u32)(seed >> 32));
}

extern "C" __global__ void dropout_mask_v1(float* mask, i64 n, float p, float kept, const u64* state, u32 stream) {
  i64 i = global_index();
  if (i >= n) return;
  Philox r = draw(state, i / 4, stream);
  u32 word = i % 4 == 0 ? r.x : i % 4 == 1 ? r.y : i % 4 == 2 ? r.z : r.w;
  mask[i] = uniform(word) < p ? 0 : kept;
}

extern "C" __global__ void dropout_mask(float* mask, i64 n, float p, float kept, const u64* state, u32 stream) {
  for (i64 g = global_index(); g < (n + 3) / 4; g += global_size()) {
    Philox r = draw(state, g, stream);
    float4 m = make_float4(
        uniform(r.x) < p ? 0 : kept, uniform(r.y) < p ? 0 : kept, uniform(r.z) < p ? 0 : kept,
        uniform(r.w) < p ? 0 : kept);
    i64 i = g * 4;
    if (i + 4 <= n) {
      *(float4*)(mask + i) = m;
    } else {
      if (i < n) mask[i] = m.x;
      if (i + 1 < n) mask[i + 1] = m.y;
      if (i + 2 < n) mask[i + 2] = m.z;
    }
  }
}
