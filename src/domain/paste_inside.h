/* What the files of the paste reader share. */
#ifndef DY_DOMAIN_PASTE_INSIDE_H
#define DY_DOMAIN_PASTE_INSIDE_H

#include "domain/paste.h"

/* paste_text.c: one spelling of everything. Full-width, circled and emoji digits become ASCII, letters small, dashes '-',
 * Chinese punctuation ASCII, traditional characters of everyday words simplified, pictures and stickers a blank. */
struct dy_paste_text {
	struct dy_str raw;      /* as pasted */
	struct dy_str text;     /* in one spelling */
	const uint32_t *origin; /* of each byte of text, and its end: the offset in raw */
};
void dy_paste_text_make(struct dy_arena *arena, struct dy_str raw, struct dy_paste_text *out);
/* The raw text behind text[from, to), trimmed, blanks and line ends as one blank. */
struct dy_str dy_paste_text_raw(struct dy_arena *arena, const struct dy_paste_text *t, size_t from,
                                size_t to);

/* paste_line.c: lines, each by itself. */
enum dy_paste_line_kind {
	DY_PASTE_LINE_BLANK,
	DY_PASTE_LINE_RULE,
	DY_PASTE_LINE_STAMP,  /* a time alone */
	DY_PASTE_LINE_HEAD,   /* a name, with or without a time */
	DY_PASTE_LINE_INLINE, /* "name: text" */
	DY_PASTE_LINE_SYSTEM,
	DY_PASTE_LINE_NUMBER, /* an entry of a chain, or of a list */
	DY_PASTE_LINE_TEXT,
};
struct dy_paste_line {
	enum dy_paste_line_kind kind;
	struct dy_str all, name, text;
};
void dy_paste_line_read(struct dy_str raw, struct dy_paste_line *out);
bool dy_paste_is_name(struct dy_str name);
/* "12. ", "3、", "4)", "5: ": bytes before the entry's text, 0 for none. */
size_t dy_paste_numbering(struct dy_str s);
/* Bytes of the first of these words (NULL-terminated) that stands at `at`; 0 for none. */
size_t dy_paste_any_at(struct dy_str s, size_t at, const char *const *words);

/* paste_split.c: who said what. */
enum dy_paste_kind {
	DY_PASTE_SAID,
	DY_PASTE_ENTRY,  /* of a chain */
	DY_PASTE_TITLE,  /* head of a chain */
	DY_PASTE_NOTICE, /* to everybody */
};
struct dy_paste_message {
	struct dy_str sender; /* empty: unknown */
	struct dy_str text;   /* part of dy_paste_text.text; may hold line ends */
	struct dy_str quote;  /* what it answers, or empty */
	size_t line;          /* of the text's first byte */
	enum dy_paste_kind kind;
	size_t chain; /* of entries and titles: counts chains from 1 */
};
struct dy_paste_messages {
	struct dy_paste_message *items;
	size_t count, cap, lines;
};
void dy_paste_split(struct dy_arena *arena, struct dy_str text, struct dy_paste_messages *out);

/* paste_door.c: doors in a text of one spelling. */
struct dy_paste_door {
	size_t from, to;
	struct dy_address at;
	struct dy_str estate;
	bool is_neighbour; /* "the one above, 601" */
	bool is_goal;      /* "brought to 601": where something went */
	bool is_sure;      /* not a bare number */
};
struct dy_paste_doors {
	struct dy_paste_door *items;
	size_t count, cap;
};
void dy_paste_doors_find(struct dy_arena *arena, struct dy_str text, struct dy_paste_doors *out);
/* "3-1-501" and the like at the very start; 0 when there is none, else its bytes. */
size_t dy_paste_door_at(struct dy_arena *arena, struct dy_str text, struct dy_paste_door *out);

/* paste_words.c: the table and the search. */
enum dy_paste_word_kind {
	/* categories first, in the order of paste_words.txt's heads */
	DY_PW_MED1,
	DY_PW_MED2,
	DY_PW_FOOD,
	DY_PW_CARE,
	DY_PW_REPR,
	DY_PW_DELV,
	DY_PW_PASS,
	DY_PW_TEST,
	DY_PW_INFO,
	DY_PW_WAST,
	DY_PW_DISP,
	DY_PW_PSYC,
	DY_PW_SHOP,
	DY_PW_IDEA,
	DY_PW_CATEGORIES,
	/* what makes it a request */
	DY_PW_ASK = DY_PW_CATEGORIES,
	DY_PW_LACK,
	DY_PW_WITHOUT, /* "no ..." in front of a thing */
	DY_PW_FAULT,
	/* what makes it none */
	DY_PW_THANKS,
	DY_PW_ANSWER,
	DY_PW_SOLVED,
	DY_PW_NOTICE,
	DY_PW_CHAT,
	/* urgency */
	DY_PW_URGENT,
	DY_PW_CALM,
	DY_PW_FRAIL,   /* the old, the very young, the pregnant */
	DY_PW_CHRONIC, /* an illness that cannot wait for its medicine */
	DY_PW_SEALED,
	DY_PW_PERISH,
	DY_PW_DEADLINE,
	DY_PW_MISSING, /* nobody has seen or heard them */
	DY_PW_FALL,
	DY_PW_HURT, /* with a fall it is danger */
	DY_PW_JOKE, /* laughed about: no danger is meant */
	/* grammar */
	DY_PW_NOT,
	DY_PW_MORE,   /* "besides": another need follows */
	DY_PW_ALSO,   /* "we too": the need of the one before */
	DY_PW_BEHALF, /* for somebody else */
	DY_PW_FIX,    /* a slip of the pen */
	DY_PW_REPORT, /* a chain that only reports */
	DY_PW_NONE,   /* a longer word that hides a shorter one */
	DY_PW_KINDS,
};
struct dy_paste_word {
	const char *text;
	uint8_t kind, weight;
};
extern const struct dy_paste_word dy_paste_words[];
extern const size_t dy_paste_words_n;
extern const char *const dy_paste_word_kinds[DY_PW_KINDS];

struct dy_paste_lexicon;
struct dy_paste_lexicon *dy_paste_lexicon_new(struct dy_arena *arena);
struct dy_paste_hit {
	uint32_t from, to;
	uint8_t kind, weight;
};
struct dy_paste_hits {
	struct dy_paste_hit *items;
	size_t count, cap;
};
/* The longest word at each place, unless it lies inside the one before. Adds its work to *steps. */
void dy_paste_hits_find(const struct dy_paste_lexicon *lexicon, struct dy_arena *arena,
                        struct dy_str text, struct dy_paste_hits *out, uint64_t *steps);

/* paste_need.c: what one stretch of text wants. */
struct dy_paste_need {
	size_t from, to; /* in the text given */
	int score[DY_PW_CATEGORIES];
	uint32_t first[DY_PW_CATEGORIES]; /* where its first word stands, + 1; 0: nowhere */
	int sign[DY_PW_KINDS];            /* sums of weights by kind */
	int category, second;             /* of enum dy_paste_word_kind, -1: none */
	int points;                       /* >= DY_PASTE_POINTS: a request */
	bool urgent;
	bool asks;                     /* a question mark */
	bool thanks_first;             /* it begins with thanks */
	size_t behalf_from, behalf_to; /* "for my mother", or equal */
};
#define DY_PASTE_POINTS    5
#define DY_PASTE_NEEDS_MAX 8
struct dy_paste_context {
	bool has_door;  /* said with it */
	bool is_known;  /* the sender's door is, from anywhere */
	bool is_entry;  /* of a chain whose title wants something */
	int title;      /* its category, or -1 */
	bool from_team; /* the sender's name is one of the team's */
};
/* At most DY_PASTE_NEEDS_MAX; returns how many stand in out, those that are no request too (points below). */
size_t dy_paste_needs_find(const struct dy_paste_lexicon *lexicon, struct dy_arena *arena,
                           struct dy_str text, const struct dy_paste_context *context,
                           struct dy_paste_need *out, uint64_t *steps);
int dy_paste_confidence(int points, int margin);

/* paste_group.c: a message cut where another door begins to speak. */
struct dy_paste_group {
	size_t from, to;      /* in the message's text */
	size_t door, n_doors; /* of the doors found: those it speaks for; none: n_doors 0 */
};
struct dy_paste_groups {
	struct dy_paste_group *items;
	size_t count, cap;
	struct dy_paste_doors doors;
	char *masked; /* the text with doors, people addressed and phone numbers blanked */
	struct dy_str contact;
};
void dy_paste_groups_find(const struct dy_paste_lexicon *lexicon, struct dy_arena *arena,
                          struct dy_str text, struct dy_paste_groups *out, uint64_t *steps);

/* paste_same.c: fills same_as and shared_as. */
void dy_paste_same_find(struct dy_arena *arena, struct dy_paste *paste);

#endif
