/* Random passwords. */
#include "secret.h"

#include "base/crypto.h"

#include <string.h>

/* No 0/o, 1/l/i, u/v: they are mistaken for one another on paper and by phone. */
static const char LETTERS[] = "abcdefghjkmnpqrstwxyz23456789";

void
dy_password_make(char out[DY_PASSWORD_TEXT])
{
	for (int i = 0; i < DY_PASSWORD_TEXT - 1; i++)
		out[i] = i % 5 == 4 ? '-' : LETTERS[dy_random_below(sizeof(LETTERS) - 1)];
	out[DY_PASSWORD_TEXT - 1] = '\0';
}
