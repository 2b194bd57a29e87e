/* Browsers that need the plain pages. */
#include "agent.h"

#define CHROME_MIN  79
#define SAFARI_MIN  13
#define FIREFOX_MIN 78

static const char *const OLD[] = { "Opera Mini", "MSIE ", "Trident/",   "UCWEB", "Series60",
	                           "SymbianOS",  "KAIOS", "BlackBerry", "Nokia", "MIDP",
	                           "NetFront",   "Maemo", NULL };

/* The number right behind a word; -1: the word is not there. */
static int
number_behind(struct dy_str text, struct dy_str word)
{
	for (size_t i = 0; i + word.len <= text.len; i++) {
		if (!dy_str_starts(dy_str_slice(text, i, text.len), word))
			continue;
		int n = 0;
		for (size_t k = i + word.len;
		     k < text.len && text.ptr[k] >= '0' && text.ptr[k] <= '9' && n < 10000; k++)
			n = n * 10 + (text.ptr[k] - '0');
		return n;
	}
	return -1;
}

static bool
is_below(struct dy_str agent, const char *word, int min)
{
	int n = number_behind(agent, dy_str_from(word));
	return n >= 0 && n < min;
}

bool
dy_agent_is_old(struct dy_str agent)
{
	for (const char *const *word = OLD; *word != NULL; word++) {
		if (dy_str_contains(agent, dy_str_from(*word)))
			return true;
	}
	if (is_below(agent, "Chrome/", CHROME_MIN) || is_below(agent, "iPhone OS ", SAFARI_MIN) ||
	    is_below(agent, "CPU OS ", SAFARI_MIN) || is_below(agent, "Firefox/", FIREFOX_MIN))
		return true;
	/* the browser of old Androids does not name Chrome */
	return dy_str_contains(agent, DY_STR("Android")) &&
	       !dy_str_contains(agent, DY_STR("Chrome/")) &&
	       !dy_str_contains(agent, DY_STR("Firefox/"));
}
