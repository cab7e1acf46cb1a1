// The few libvips calls we use. libvips takes options as C varargs, which Go
// cannot call, so each step is one plain function here: one crossing per step.
// All return 0 when well; the reason is then in vips_error_buffer().
#ifndef SKAITYKLA_VIPS_SHIM_H
#define SKAITYKLA_VIPS_SHIM_H

#include <vips/vips.h>

// sk_header is what a file says of itself, read without decoding pixels.
typedef struct {
	int width, height; // as stored, before it is turned upright
	int pages;
	int turned; // 1 when width and height swap on turning upright
	int heavy;  // 1 when progressive or interlaced
} sk_header;

typedef struct {
	int left, top, width, height;
} sk_area;

int sk_start(void);
int sk_read_header(void *data, size_t len, sk_header *header, VipsImage **out);
char *sk_fields(VipsImage *image);
const void *sk_blob(VipsImage *image, const char *field, size_t *len);
int sk_master(void *data, size_t len, int width, int height, int animated, VipsImage **out);
int sk_thumbnail(void *data, size_t len, int width, VipsImage **out);
int sk_shrink(VipsImage *in, int width, int height, VipsImage **out);
int sk_cut(VipsImage *in, sk_area area, int width, int height, VipsImage **out);
int sk_point(VipsImage *in, int x, int y, double **out, int *bands);
int sk_attention(VipsImage *in, int *left, int *top);
int sk_label(VipsImage *image, const void *xmp, size_t len);
int sk_rgba(VipsImage *in, int side, VipsImage **out);
int sk_jpeg(VipsImage *in, int quality, int labeled, void **out, size_t *len);
int sk_webp(VipsImage *in, int quality, int effort, int labeled, void **out, size_t *len);
int sk_avif(VipsImage *in, int quality, int effort, int labeled, void **out, size_t *len);
int sk_export(VipsImage *in, const char *profile, VipsImage **out);
int sk_encode(VipsImage *in, const char *suffix, void **out, size_t *len);

#endif
