/* Errors, memory and arithmetic shared by the planners. */
#include "kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
set_text(struct dyp_err *err, const char *text, va_list args)
{
	(void)vsnprintf(err->text, sizeof err->text, text, args);
}

enum dyp_code
dyp_raise(struct dyp_err *err, enum dyp_code code, const char *field, const char *text, ...)
{
	va_list args;

	if (err == NULL)
		return code;
	err->code = code;
	(void)snprintf(err->field, sizeof err->field, "%s", field);
	va_start(args, text);
	set_text(err, text, args);
	va_end(args);
	return code;
}

enum dyp_code
dyp_raise_item(struct dyp_err *err, enum dyp_code code, const char *list, uint32_t item,
               const char *member, const char *text, ...)
{
	va_list args;

	if (err == NULL)
		return code;
	err->code = code;
	(void)snprintf(err->field, sizeof err->field, "/%s/%u%s%s", list, item,
	               member[0] != '\0' ? "/" : "", member);
	va_start(args, text);
	set_text(err, text, args);
	va_end(args);
	return code;
}

enum dyp_code
dyp_raise_memory(struct dyp_err *err)
{
	return dyp_raise(err, DYP_NO_MEMORY, "", "out of memory");
}

static void *
plain_get(void *ctx, size_t size)
{
	(void)ctx;
	return malloc(size);
}

static void
plain_put(void *ctx, void *block)
{
	(void)ctx;
	free(block);
}

struct dyp_memory
dyp_memory_or_default(const struct dyp_memory *memory)
{
	if (memory != NULL && memory->get != NULL)
		return *memory;
	return (struct dyp_memory){ .get = plain_get, .put = plain_put };
}

void *
dyp_memory_get(const struct dyp_memory *memory, size_t count, size_t size)
{
	if (count > SIZE_MAX / 2 / size)
		return NULL;
	size_t bytes = count * size;
	void *block = memory->get(memory->ctx, bytes > 0 ? bytes : 1);
	if (block != NULL)
		memset(block, 0, bytes);
	return block;
}

struct dyp_block {
	struct dyp_block *next;
};

enum { ALIGN = 64 };

void
dyp_pool_init(struct dyp_pool *pool, const struct dyp_memory *memory)
{
	*pool = (struct dyp_pool){ .memory = dyp_memory_or_default(memory) };
}

void
dyp_pool_release(struct dyp_pool *pool)
{
	while (pool->blocks != NULL) {
		struct dyp_block *block = pool->blocks;
		pool->blocks = block->next;
		pool->memory.put(pool->memory.ctx, block);
	}
}

void *
dyp_pool_get(struct dyp_pool *pool, size_t count, size_t size)
{
	if (pool->failed || count > (SIZE_MAX / 2 - 2 * ALIGN) / size) {
		pool->failed = true;
		return NULL;
	}
	size_t bytes = count * size;
	struct dyp_block *block = pool->memory.get(pool->memory.ctx, bytes + 2 * ALIGN);
	if (block == NULL) {
		pool->failed = true;
		return NULL;
	}
	block->next = pool->blocks;
	pool->blocks = block;
	uintptr_t data = ((uintptr_t)(block + 1) + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1);
	memset((void *)data, 0, bytes);
	return (void *)data;
}

double
dyp_log(double x)
{
	const double ln2 = 0.693147180559945309417232121458;
	int shift = 0;

	while (x >= 2.0) {
		x *= 0.5;
		shift++;
	}
	while (x < 1.0) {
		x *= 2.0;
		shift--;
	}
	/* ln x = 2 artanh((x-1)/(x+1)), |argument| <= 1/3 */
	double y = (x - 1.0) / (x + 1.0);
	double y2 = y * y;
	double term = y;
	double sum = 0.0;
	for (int k = 1; k < 60; k += 2) {
		sum += term / k;
		term *= y2;
	}
	return 2.0 * sum + shift * ln2;
}

double
dyp_exp(double x)
{
	const double ln2 = 0.693147180559945309417232121458;
	int shift = (int)(x / ln2);
	double r = x - shift * ln2;
	double term = 1.0;
	double sum = 1.0;

	for (int k = 1; k < 24; k++) {
		term *= r / k;
		sum += term;
	}
	for (; shift > 0; shift--)
		sum *= 2.0;
	for (; shift < 0; shift++)
		sum *= 0.5;
	return sum;
}
