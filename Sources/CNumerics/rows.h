// Products of rows with vectors. Two versions of one text: AVX2 where the processor has it, the
// vector unit of the target otherwise.
//
// Eight rows of Floats with one vector are the inner loops of direct training: OpenBLAS has them
// for contiguous rows only, and a mini-batch is a list of rows. A block of Doubles with two vectors
// is the inner loop of a frame of the past: its rows are read once for both, which OpenBLAS does on
// some processors only; on others it copies the block first.

#ifndef MASKED_DMFT_CNUMERICS_ROWS_H
#define MASKED_DMFT_CNUMERICS_ROWS_H

typedef double dmft_double4 __attribute__((vector_size(32), aligned(8)));
typedef float dmft_float8 __attribute__((vector_size(32), aligned(4)));

#define DMFT_AT(pointer) (*(const dmft_float8 *)((pointer) + j))

#define DMFT_EIGHT_ROWS                                                                          \
  const float *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3], *r4 = rows[4],         \
              *r5 = rows[5], *r6 = rows[6], *r7 = rows[7];

#define DMFT_ROW_KERNELS(SUFFIX, TARGET)                                                         \
  /* out[i] = row i . x */                                                                       \
  TARGET static inline void dmft_dot8_##SUFFIX(                                                  \
      long count, const float *const *rows, const float *x, float *out) {                        \
    DMFT_EIGHT_ROWS                                                                              \
    dmft_float8 s[8] = {{0}, {0}, {0}, {0}, {0}, {0}, {0}, {0}};                                 \
    long j = 0;                                                                                  \
    for (; j + 8 <= count; j += 8) {                                                             \
      const dmft_float8 v = DMFT_AT(x);                                                          \
      s[0] += v * DMFT_AT(r0);                                                                   \
      s[1] += v * DMFT_AT(r1);                                                                   \
      s[2] += v * DMFT_AT(r2);                                                                   \
      s[3] += v * DMFT_AT(r3);                                                                   \
      s[4] += v * DMFT_AT(r4);                                                                   \
      s[5] += v * DMFT_AT(r5);                                                                   \
      s[6] += v * DMFT_AT(r6);                                                                   \
      s[7] += v * DMFT_AT(r7);                                                                   \
    }                                                                                            \
    for (int i = 0; i < 8; i++) {                                                                \
      float sum = 0;                                                                             \
      for (long k = j; k < count; k++) sum += x[k] * rows[i][k];                                 \
      for (int k = 0; k < 8; k++) sum += s[i][k];                                                \
      out[i] = sum;                                                                              \
    }                                                                                            \
  }                                                                                              \
  /* y += sum_i g[i] row i */                                                                    \
  TARGET static inline void dmft_add8_##SUFFIX(                                                  \
      long count, const float *const *rows, const float *g, float *y) {                          \
    DMFT_EIGHT_ROWS                                                                              \
    const float g0 = g[0], g1 = g[1], g2 = g[2], g3 = g[3];                                      \
    const float g4 = g[4], g5 = g[5], g6 = g[6], g7 = g[7];                                      \
    long j = 0;                                                                                  \
    for (; j + 8 <= count; j += 8) {                                                             \
      dmft_float8 s = DMFT_AT(y);                                                                \
      s += g0 * DMFT_AT(r0);                                                                     \
      s += g1 * DMFT_AT(r1);                                                                     \
      s += g2 * DMFT_AT(r2);                                                                     \
      s += g3 * DMFT_AT(r3);                                                                     \
      s += g4 * DMFT_AT(r4);                                                                     \
      s += g5 * DMFT_AT(r5);                                                                     \
      s += g6 * DMFT_AT(r6);                                                                     \
      s += g7 * DMFT_AT(r7);                                                                     \
      *(dmft_float8 *)(y + j) = s;                                                               \
    }                                                                                            \
    for (; j < count; j++) {                                                                     \
      for (int i = 0; i < 8; i++) y[j] += g[i] * rows[i][j];                                     \
    }                                                                                            \
  }

#define DMFT_ENTRIES(pointer) (*(const dmft_double4 *)((pointer) + j))

#define DMFT_SUM(x) (x[0] + x[1] + x[2] + x[3])

#define DMFT_BLOCK_KERNELS(SUFFIX, TARGET)                                                       \
  /* out[r] += row r . x, out[rows + r] += row r . x', two rows at a time */                     \
  TARGET static inline void dmft_dots_##SUFFIX(                                                  \
      long rows, long width, const double *block, const double *x, double *out) {                \
    const double *y = x + width;                                                                 \
    for (long r = 0; r < rows; r += 2) {                                                         \
      const int last = r + 1 == rows;                                                            \
      const double *a = block + r * width, *b = last ? a : a + width;                            \
      dmft_double4 ax = {0}, ay = {0}, bx = {0}, by = {0};                                       \
      long j = 0;                                                                                \
      for (; j + 4 <= width; j += 4) {                                                           \
        const dmft_double4 u = DMFT_ENTRIES(x), v = DMFT_ENTRIES(y);                             \
        ax += DMFT_ENTRIES(a) * u;                                                               \
        ay += DMFT_ENTRIES(a) * v;                                                               \
        bx += DMFT_ENTRIES(b) * u;                                                               \
        by += DMFT_ENTRIES(b) * v;                                                               \
      }                                                                                          \
      double sax = DMFT_SUM(ax), say = DMFT_SUM(ay), sbx = DMFT_SUM(bx), sby = DMFT_SUM(by);     \
      for (; j < width; j++) {                                                                   \
        sax += a[j] * x[j];                                                                      \
        say += a[j] * y[j];                                                                      \
        sbx += b[j] * x[j];                                                                      \
        sby += b[j] * y[j];                                                                      \
      }                                                                                          \
      out[r] += sax;                                                                             \
      out[rows + r] += say;                                                                      \
      if (last) continue;                                                                        \
      out[r + 1] += sbx;                                                                         \
      out[rows + r + 1] += sby;                                                                  \
    }                                                                                            \
  }                                                                                              \
  /* y += sum_r c[r] row r, z += sum_r c[rows + r] row r, four rows at a time */                 \
  TARGET static inline void dmft_sums_##SUFFIX(                                                  \
      long rows, long width, const double *block, const double *c, double *y) {                  \
    double *z = y + width;                                                                       \
    const double *d = c + rows;                                                                  \
    long r = 0;                                                                                  \
    for (; r + 4 <= rows; r += 4) {                                                              \
      const double *a0 = block + r * width, *a1 = a0 + width, *a2 = a1 + width,                  \
                   *a3 = a2 + width;                                                             \
      const double c0 = c[r], c1 = c[r + 1], c2 = c[r + 2], c3 = c[r + 3];                       \
      const double d0 = d[r], d1 = d[r + 1], d2 = d[r + 2], d3 = d[r + 3];                       \
      long j = 0;                                                                                \
      for (; j + 4 <= width; j += 4) {                                                           \
        const dmft_double4 u0 = DMFT_ENTRIES(a0), u1 = DMFT_ENTRIES(a1);                         \
        const dmft_double4 u2 = DMFT_ENTRIES(a2), u3 = DMFT_ENTRIES(a3);                         \
        *(dmft_double4 *)(y + j) += (c0 * u0 + c1 * u1) + (c2 * u2 + c3 * u3);                   \
        *(dmft_double4 *)(z + j) += (d0 * u0 + d1 * u1) + (d2 * u2 + d3 * u3);                   \
      }                                                                                          \
      for (; j < width; j++) {                                                                   \
        y[j] += (c0 * a0[j] + c1 * a1[j]) + (c2 * a2[j] + c3 * a3[j]);                           \
        z[j] += (d0 * a0[j] + d1 * a1[j]) + (d2 * a2[j] + d3 * a3[j]);                           \
      }                                                                                          \
    }                                                                                            \
    for (; r < rows; r++) {                                                                      \
      for (long j = 0; j < width; j++) {                                                         \
        y[j] += c[r] * block[r * width + j];                                                     \
        z[j] += d[r] * block[r * width + j];                                                     \
      }                                                                                          \
    }                                                                                            \
  }

DMFT_ROW_KERNELS(plain, )
DMFT_BLOCK_KERNELS(plain, )

#if defined(__x86_64__)
DMFT_ROW_KERNELS(avx2, __attribute__((target("avx2,fma"))))
DMFT_BLOCK_KERNELS(avx2, __attribute__((target("avx2,fma"))))
static inline int dmft_has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#define DMFT_ROW_CALL(NAME, ...) \
  (dmft_has_avx2() ? dmft_##NAME##_avx2(__VA_ARGS__) : dmft_##NAME##_plain(__VA_ARGS__))
#else
#define DMFT_ROW_CALL(NAME, ...) dmft_##NAME##_plain(__VA_ARGS__)
#endif

// out[r] += row_r . x and out[rows + r] += row_r . x' for `rows` rows of `width` entries; x' stands
// behind x.
static inline void dmft_dots(
    long rows, long width, const double *block, const double *x, double *out) {
  DMFT_ROW_CALL(dots, rows, width, block, x, out);
}

// y += sum_r c[r] row_r and y' += sum_r c[rows + r] row_r; y' stands behind y.
static inline void dmft_sums(
    long rows, long width, const double *block, const double *c, double *y) {
  DMFT_ROW_CALL(sums, rows, width, block, c, y);
}

// out[i] = row_i . x for the eight rows of `count` entries.
static inline void dmft_dot8(
    long count, const float *const *rows, const float *x, float *out) {
  DMFT_ROW_CALL(dot8, count, rows, x, out);
}

// y += sum_i g[i] row_i for the eight rows of `count` entries.
static inline void dmft_add8(
    long count, const float *const *rows, const float *g, float *y) {
  DMFT_ROW_CALL(add8, count, rows, g, y);
}

#endif
