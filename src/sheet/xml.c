/* expat, closed against everything a spreadsheet does not need. */
#include "xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

struct dy_xml {
	XML_Parser parser;
	const struct dy_xml_hand *hand;
	void *ctx;
	struct dy_err *err; /* of the call under way */
	enum dy_code rc;
};

static const char *
local(const char *name)
{
	const char *colon = strrchr(name, ':');
	return colon != NULL ? colon + 1 : name;
}

static void
stop(struct dy_xml *xml, enum dy_code rc)
{
	if (rc == DY_OK || xml->rc != DY_OK)
		return;
	xml->rc = rc;
	(void)XML_StopParser(xml->parser, XML_FALSE);
}

static void
on_start(void *data, const char *name, const char **attributes)
{
	struct dy_xml *xml = data;

	if (xml->rc == DY_OK)
		stop(xml, xml->hand->start(xml->ctx, local(name), attributes, xml->err));
}

static void
on_end(void *data, const char *name)
{
	struct dy_xml *xml = data;

	if (xml->rc == DY_OK)
		stop(xml, xml->hand->end(xml->ctx, local(name), xml->err));
}

static void
on_text(void *data, const char *ptr, int n)
{
	struct dy_xml *xml = data;

	if (xml->rc == DY_OK && xml->hand->text != NULL)
		xml->hand->text(xml->ctx, ptr, (size_t)n);
}

static void
on_doctype(void *data, const char *name, const char *system, const char *public, int internal)
{
	struct dy_xml *xml = data;

	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(xml, dy_sheet_bad(xml->err, "the file declares a document type, which no "
	                                 "spreadsheet does; it is not read"));
}

struct dy_xml *
dy_xml_new(const struct dy_xml_hand *hand, void *ctx)
{
	struct dy_xml *xml = calloc(1, sizeof(*xml));

	DY_ASSERT(xml != NULL);
	xml->parser = XML_ParserCreate(NULL);
	DY_ASSERT(xml->parser != NULL);
	xml->hand = hand;
	xml->ctx = ctx;
	XML_SetUserData(xml->parser, xml);
	XML_SetElementHandler(xml->parser, on_start, on_end);
	XML_SetCharacterDataHandler(xml->parser, on_text);
	XML_SetStartDoctypeDeclHandler(xml->parser, on_doctype);
	return xml;
}

void
dy_xml_free(struct dy_xml *xml)
{
	if (xml == NULL)
		return;
	XML_ParserFree(xml->parser);
	free(xml);
}

enum dy_code
dy_xml_bytes(struct dy_xml *xml, const char *ptr, size_t n, bool last, struct dy_err *err)
{
	xml->err = err;
	enum XML_Status status = XML_Parse(xml->parser, ptr, (int)n, last);
	if (xml->rc != DY_OK)
		return xml->rc;
	if (status != XML_STATUS_OK)
		return dy_sheet_bad(err, "the file is damaged; open it in the spreadsheet program "
		                         "and save it again as .xlsx");
	return DY_OK;
}

struct dy_str
dy_xml_attribute(const char **attributes, const char *name)
{
	for (size_t i = 0; attributes[i] != NULL; i += 2) {
		if (strcmp(local(attributes[i]), name) == 0)
			return dy_str_from(attributes[i + 1]);
	}
	return DY_STR("");
}
