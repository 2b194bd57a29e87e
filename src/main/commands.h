/* The commands of the program, one file each; argv[0] is the command's own name. They return the exit status. */
#ifndef DY_MAIN_COMMANDS_H
#define DY_MAIN_COMMANDS_H

int dy_cmd_paste(int argc, char **argv);
int dy_cmd_plan(int argc, char **argv);
int dy_cmd_serve(int argc, char **argv);
int dy_cmd_init(int argc, char **argv);
int dy_cmd_demo(int argc, char **argv);
int dy_cmd_import(int argc, char **argv);
int dy_cmd_audit(int argc, char **argv);
int dy_cmd_backup(int argc, char **argv);
int dy_cmd_doctor(int argc, char **argv);
int dy_cmd_routes(int argc, char **argv);
int dy_cmd_settings(int argc, char **argv);

#endif
