/* Rules of a community: looked at, tried on what is open, published. */
#ifndef DY_APP_WORKFLOW_H
#define DY_APP_WORKFLOW_H

#include "app/app.h"
#include "store/setting.h"

#define DY_PREVIEW_MAX  200  /* requests named */
#define DY_PREVIEW_SCAN 5000 /* requests looked at */

struct dy_preview_item {
	struct dy_request request;             /* as it stands */
	struct dy_time respond_due, close_due; /* as they would be */
};
struct dy_preview {
	struct dy_preview_item items[DY_PREVIEW_MAX];
	size_t count;
	int64_t checked, changed, earlier,
		overdue; /* overdue: would be late at once, and are not now */
	bool more;       /* not everything that is open was looked at */
};
/* Whose deadlines would change; only requests the actor may read are named, all are counted. */
enum dy_code dy_app_rules_preview(struct dy_rtx *tx, struct dy_arena *arena,
                                  const struct dy_actor *actor, const struct dy_rules *rules,
                                  struct dy_time now, struct dy_preview *out,
                                  struct dy_err *err) DY_NODISCARD;
/* rules->version is the one read before; on success the new one. Deadlines of what is open follow at once. */
enum dy_code dy_app_rules_publish(struct dy_call *call, struct dy_rules *rules, struct dy_str note,
                                  int64_t *changed) DY_NODISCARD;
/* After rules or a mode changed, in the same transaction: deadlines of what is open, reckoned anew. */
enum dy_code dy_app_deadlines_renew(struct dy_wtx *tx, struct dy_call *call,
                                    int64_t *changed) DY_NODISCARD;

enum dy_code dy_app_rules_versions(struct dy_rtx *tx, struct dy_arena *arena,
                                   struct dy_setting_version_list *out,
                                   struct dy_err *err) DY_NODISCARD;
/* As they were; version 0: the built-in ones. */
enum dy_code dy_app_rules_version(struct dy_rtx *tx, struct dy_arena *arena, int64_t version,
                                  struct dy_rules *out, struct dy_err *err) DY_NODISCARD;

#endif
