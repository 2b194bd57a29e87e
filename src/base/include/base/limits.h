/* Named limits on what a user can choose. Exceeding one gives DY_E_LIMIT or DY_E_INPUT, never an abort. */
#ifndef DY_BASE_LIMITS_H
#define DY_BASE_LIMITS_H

#define DY_JSON_BODY_MAX    (64 * 1024)        /* bytes of a JSON request body */
#define DY_JSON_DEPTH       16                 /* nested objects and arrays */
#define DY_PHOTO_BYTES_MAX  (10 * 1024 * 1024) /* bytes of one uploaded photo */
#define DY_PHOTOS_MAX       6                  /* photos on one request */
#define DY_NEEDS_MAX        8                  /* needs in one request */
#define DY_FOLLOWERS_MAX    500                /* households that wait for one request */
#define DY_TEXT_MAX         2000               /* characters of a request or an answer */
#define DY_NAME_MAX         40                 /* characters of a person's or place's name */
#define DY_LOGIN_MIN        3                  /* characters of a login */
#define DY_LOGIN_MAX        64
#define DY_PASSWORD_MIN     10 /* characters of a password */
#define DY_PASSWORD_MAX     256
#define DY_DIVISION_CODE    12                  /* digits of a community's statistical code */
#define DY_PLACES_MAX       100000              /* stairs, doors, ... made at once */
#define DY_PAGE_MAX         200                 /* items of one list page */
#define DY_REQUEST_ARENA    (16u * 1024 * 1024) /* bytes one HTTP request may use */
#define DY_ANSWER_MAX       (2u * 1024 * 1024)  /* bytes of one JSON answer */
#define DY_WRITER_QUEUE_MAX 8192                /* commands waiting for the writer */
#define DY_WRITER_BATCH_MAX 512                 /* commands in one group commit */
#define DY_STREAM_BEHIND    (64 * 1024)         /* bytes a slow stream may be behind */

#endif
