/* Force-included in every C file: functions we do not use become compile errors. */
#ifndef DY_BASE_BANNED_H
#define DY_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A library's header whose macros use one of them has to come before they are poisoned: named on the command line. */
#ifdef DY_INCLUDE_FIRST
#include DY_INCLUDE_FIRST
#endif

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets
#pragma GCC poison atoi atol atoll atof gmtime localtime ctime asctime rand srand

#endif
