/* One XML part of an .xlsx, read as it comes. Declared entities and document types end the reading. */
#ifndef DY_SHEET_XML_H
#define DY_SHEET_XML_H

#include "inside.h"

struct dy_xml;

struct dy_xml_hand {
	/* names without their namespace; attributes in pairs, NULL at the end */
	enum dy_code (*start)(void *ctx, const char *name, const char **attributes,
	                      struct dy_err *err);
	enum dy_code (*end)(void *ctx, const char *name, struct dy_err *err);
	void (*text)(void *ctx, const char *ptr, size_t n);
};

struct dy_xml *dy_xml_new(const struct dy_xml_hand *hand, void *ctx);
void dy_xml_free(struct dy_xml *xml); /* NULL is fine */
enum dy_code dy_xml_bytes(struct dy_xml *xml, const char *ptr, size_t n, bool last,
                          struct dy_err *err) DY_NODISCARD;
/* Value of an attribute, namespace or not; "" when it is absent. */
struct dy_str dy_xml_attribute(const char **attributes, const char *name);

#endif
