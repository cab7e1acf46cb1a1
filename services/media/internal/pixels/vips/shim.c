#include "shim.h"

// libvips renamed the option that drops metadata in 8.15.
#if VIPS_MAJOR_VERSION > 8 || VIPS_MINOR_VERSION >= 15
#define KEEP(labeled) "keep", ((labeled) ? VIPS_FOREIGN_KEEP_XMP : VIPS_FOREIGN_KEEP_NONE)
#else
#define KEEP(labeled) "strip", ((labeled) ? FALSE : TRUE)
#endif

// broken is set when a decoder warns that a photo's data ended before its
// picture did, which it only warns of when there is a proper end mark.
static gint broken;

// hear drops all warnings, of which hostile files raise thousands, but one.
static void hear(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
	if (message && strstr(message, "premature end of data segment"))
		g_atomic_int_set(&broken, 1);
}

int sk_start(void)
{
	static const char *readers[] = {
		"VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp",
		"VipsForeignLoadNsgif", "VipsForeignLoadHeif", "VipsForeignLoadTiff",
	};

	g_log_set_default_handler(hear, NULL);
	if (vips_init("skaitykla"))
		return -1;
	g_log_set_handler("VIPS", G_LOG_LEVEL_MASK, hear, NULL); // before one that VIPS_WARNING sets
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	vips_operation_block_set("VipsForeignLoad", TRUE);
	for (size_t i = 0; i < G_N_ELEMENTS(readers); i++)
		vips_operation_block_set(readers[i], FALSE);
	return 0;
}

static int is_set(VipsImage *image, const char *field)
{
	int value = 0;

	return vips_image_get_typeof(image, field) && !vips_image_get_int(image, field, &value) && value;
}

int sk_read_header(void *data, size_t len, sk_header *header, VipsImage **out)
{
	VipsImage *image = vips_image_new_from_buffer(data, len, "", NULL);

	if (!image)
		return -1;
	header->width = image->Xsize;
	header->height = image->Ysize;
	header->pages = vips_image_get_n_pages(image);
	header->turned = vips_image_get_orientation_swap(image);
	header->heavy = is_set(image, "jpeg-multiscan") || is_set(image, "interlaced");
	*out = image;
	return 0;
}

// sk_blob lends a block of metadata, NULL when there is none.
const void *sk_blob(VipsImage *image, const char *field, size_t *len)
{
	const void *data;

	if (!vips_image_get_typeof(image, field) || vips_image_get_blob(image, field, &data, len))
		return NULL;
	return data;
}

static void *collect(VipsImage *image, const char *field, GValue *value, void *user)
{
	g_ptr_array_add(user, g_strdup(field));
	return NULL;
}

static GPtrArray *fields(VipsImage *image)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	vips_image_map(image, collect, names);
	return names;
}

// sk_fields returns the names of all metadata, one per line, to be freed.
char *sk_fields(VipsImage *image)
{
	GPtrArray *names = fields(image);
	char *list;

	g_ptr_array_add(names, NULL);
	list = g_strjoinv("\n", (char **) names->pdata);
	g_ptr_array_free(names, TRUE);
	return list;
}

// strip removes every metadata field but how an animation runs, so that a saver
// has nothing to leak: the WebP writer of libvips 8.14 keeps XMP even when told
// to strip.
static void strip(VipsImage *image, int animated)
{
	static const char *const runs[] = { VIPS_META_PAGE_HEIGHT, VIPS_META_N_PAGES, "delay", "loop", NULL };
	GPtrArray *names = fields(image);

	for (guint i = 0; i < names->len; i++)
		if (!animated || !g_strv_contains(runs, names->pdata[i]))
			vips_image_remove(image, names->pdata[i]);
	g_ptr_array_free(names, TRUE);
}

// plain makes any decoded image 8 bit sRGB with three bands, or four with
// alpha, and holds it in memory without metadata. It takes over in.
static int plain(VipsImage *in, int animated, VipsImage **out)
{
	VipsImage *srgb = NULL, *cut = NULL, *memory;

	if (vips_colourspace(in, &srgb, VIPS_INTERPRETATION_sRGB, NULL)) {
		g_object_unref(in);
		return -1;
	}
	g_object_unref(in);
	// Some TIFF files carry more bands than a picture has.
	if (vips_extract_band(srgb, &cut, 0, "n", VIPS_MIN(srgb->Bands, 4), NULL)) {
		g_object_unref(srgb);
		return -1;
	}
	g_object_unref(srgb);
	memory = vips_image_copy_memory(cut);
	g_object_unref(cut);
	if (!memory)
		return -1;
	strip(memory, animated);
	*out = memory;
	return 0;
}

// foreign says whether the colors must be converted to sRGB: the file carries
// a profile, or is CMYK. All else is sRGB already, and a conversion to itself
// would cost time and a level or two of every channel.
static int foreign(void *data, size_t len)
{
	VipsImage *header = vips_image_new_from_buffer(data, len, "", NULL);
	int is;

	if (!header)
		return -1;
	is = vips_image_get_typeof(header, VIPS_META_ICC_NAME) != 0 ||
		vips_image_guess_interpretation(header) == VIPS_INTERPRETATION_CMYK;
	g_object_unref(header);
	return is;
}

// sk_master decodes to fit width and height, upright, in sRGB. The pixels are
// in memory when it returns: data is not needed any more.
//
// A file cut short must fail. vips_thumbnail_buffer ignores its fail_on
// option, but hands option_string on to the reader, which heeds it.
int sk_master(void *data, size_t len, int width, int height, int animated, VipsImage **out)
{
	const char *whole = animated ? "[fail_on=truncated,n=-1]" : "[fail_on=truncated]";
	VipsImage *thumb = NULL;
	int convert = foreign(data, len);

	if (convert < 0)
		return -1;
	g_atomic_int_set(&broken, 0);
	if (convert ? vips_thumbnail_buffer(data, len, &thumb, width,
			      "height", height, "size", VIPS_SIZE_DOWN, "option_string", whole,
			      "export_profile", "srgb", "intent", VIPS_INTENT_RELATIVE, NULL)
		    : vips_thumbnail_buffer(data, len, &thumb, width,
			      "height", height, "size", VIPS_SIZE_DOWN, "option_string", whole, NULL))
		return -1;
	if (plain(thumb, animated, out))
		return -1;
	if (g_atomic_int_get(&broken)) {
		g_object_unref(*out);
		*out = NULL;
		vips_error("skaitykla", "the data ends before the picture");
		return -1;
	}
	return 0;
}

int sk_thumbnail(void *data, size_t len, int width, VipsImage **out)
{
	VipsImage *thumb = NULL;

	if (vips_thumbnail_buffer(data, len, &thumb, width, "height", VIPS_MAX_COORD, "size", VIPS_SIZE_DOWN,
		    "export_profile", "srgb", "intent", VIPS_INTENT_RELATIVE, "option_string", "[fail_on=truncated]", NULL))
		return -1;
	return plain(thumb, FALSE, out);
}

int sk_shrink(VipsImage *in, int width, int height, VipsImage **out)
{
	VipsImage *thumb = NULL;

	if (vips_thumbnail_image(in, &thumb, width, "height", height,
		    "size", VIPS_SIZE_FORCE, "no_rotate", TRUE, NULL))
		return -1;
	*out = vips_image_copy_memory(thumb);
	g_object_unref(thumb);
	return *out ? 0 : -1;
}

// sk_cut scales a part of a picture to exactly width and height.
int sk_cut(VipsImage *in, sk_area area, int width, int height, VipsImage **out)
{
	VipsImage *part = NULL;
	int bad;

	if (vips_extract_area(in, &part, area.left, area.top, area.width, area.height, NULL))
		return -1;
	bad = sk_shrink(part, width, height, out);
	g_object_unref(part);
	return bad;
}

// sk_point reads one pixel into memory to be freed.
int sk_point(VipsImage *in, int x, int y, double **out, int *bands)
{
	return vips_getpoint(in, out, bands, x, y, NULL);
}

int sk_attention(VipsImage *in, int *left, int *top)
{
	VipsImage *part = NULL;

	if (vips_smartcrop(in, &part, VIPS_MAX(1, in->Xsize / 2), VIPS_MAX(1, in->Ysize / 2),
		    "interesting", VIPS_INTERESTING_ATTENTION, "attention_x", left, "attention_y", top, NULL))
		return -1;
	g_object_unref(part);
	return 0;
}

// sk_label sets the XMP packet that labeled renditions carry.
int sk_label(VipsImage *image, const void *xmp, size_t len)
{
	vips_image_set_blob_copy(image, VIPS_META_XMP_NAME, xmp, len);
	return 0;
}

// sk_rgba makes a four-band miniature that fits a square of the given side.
int sk_rgba(VipsImage *in, int side, VipsImage **out)
{
	VipsImage *thumb = NULL, *rgba = NULL;
	int bad;

	if (vips_thumbnail_image(in, &thumb, side, "height", side,
		    "size", VIPS_SIZE_DOWN, "no_rotate", TRUE, NULL))
		return -1;
	bad = vips_image_hasalpha(thumb) ? vips_copy(thumb, &rgba, NULL)
					 : vips_bandjoin_const1(thumb, &rgba, 255, NULL);
	g_object_unref(thumb);
	if (bad)
		return -1;
	*out = vips_image_copy_memory(rgba);
	g_object_unref(rgba);
	return *out ? 0 : -1;
}

int sk_jpeg(VipsImage *in, int quality, int labeled, void **out, size_t *len)
{
	VipsImage *flat = NULL;
	VipsArrayDouble *white;
	int bad;

	if (!vips_image_hasalpha(in))
		return vips_jpegsave_buffer(in, out, len, "Q", quality,
			"optimize_coding", TRUE, "interlace", TRUE, KEEP(labeled), NULL);
	white = vips_array_double_newv(1, 255.0);
	bad = vips_flatten(in, &flat, "background", white, NULL);
	vips_area_unref(VIPS_AREA(white));
	if (bad)
		return -1;
	bad = vips_jpegsave_buffer(flat, out, len, "Q", quality,
		"optimize_coding", TRUE, "interlace", TRUE, KEEP(labeled), NULL);
	g_object_unref(flat);
	return bad;
}

int sk_webp(VipsImage *in, int quality, int effort, int labeled, void **out, size_t *len)
{
	return vips_webpsave_buffer(in, out, len, "Q", quality, "effort", effort,
		KEEP(labeled), NULL);
}

int sk_avif(VipsImage *in, int quality, int effort, int labeled, void **out, size_t *len)
{
	return vips_heifsave_buffer(in, out, len, "compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1,
		"Q", quality, "effort", effort, KEEP(labeled), NULL);
}

int sk_export(VipsImage *in, const char *profile, VipsImage **out)
{
	return vips_icc_transform(in, out, profile, "input_profile", "srgb", NULL);
}

int sk_encode(VipsImage *in, const char *suffix, void **out, size_t *len)
{
	return vips_image_write_to_buffer(in, suffix, out, len, NULL);
}
