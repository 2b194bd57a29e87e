/* Random passwords that can be read from paper and typed on an old phone. Threads: any. */
#ifndef DY_MAIN_SECRET_H
#define DY_MAIN_SECRET_H

#define DY_PASSWORD_TEXT 15 /* "k7mq-x2fd-9rtb" and NUL: 57 random bits */

void dy_password_make(char out[DY_PASSWORD_TEXT]);

#endif
