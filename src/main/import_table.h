/* Commands around imported tables; argv[0] is the word behind "import". */
#ifndef DY_MAIN_IMPORT_TABLE_H
#define DY_MAIN_IMPORT_TABLE_H

#include "app/import.h"

int dy_import_table_command(enum dy_import_kind kind, int argc, char **argv);
int dy_import_undo_command(int argc, char **argv);
int dy_import_list_command(int argc, char **argv);

#endif
