/* danyuan import map: a map extract as a folder for the unit planner. */
#ifndef DY_MAIN_IMPORT_MAP_H
#define DY_MAIN_IMPORT_MAP_H

int dy_import_map_command(int argc, char **argv);

#endif
