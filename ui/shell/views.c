/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/shell/views.h"

#include "ui/compare/view.h"
#include "ui/reports/dump-view.h"
#include "ui/findings/view.h"
#include "ui/flame/view.h"
#include "ui/goroutines/view.h"
#include "ui/latency/view.h"
#include "ui/profile/view.h"
#include "ui/reports/race-view.h"
#include "ui/requests/view.h"
#include "ui/services/view.h"
#include "ui/sql/view.h"
#include "ui/tasks/view.h"
#include "ui/timeline/view.h"

const UnparkView *const unpark_views[] = {
    &unpark_timeline_view, &unpark_dump_view,      &unpark_race_view,
    &unpark_requests_view, /* what files of spans show first */
    &unpark_services_view, &unpark_goroutine_view, &unpark_latency_view,
    &unpark_flame_view, /* of every kind of file; what a profile shows first */
    &unpark_profile_view,  &unpark_task_view,      &unpark_findings_view,
    &unpark_compare_view,  &unpark_sql_view,       NULL,
};
