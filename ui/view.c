#include "ui/view.h"

#include "ui/dump-view.h"
#include "ui/profile-view.h"
#include "ui/race-view.h"
#include "ui/timeline-view.h"

const UnparkView *const unpark_views[] = {
    &unpark_timeline_view,
    &unpark_profile_view,
    &unpark_dump_view,
    &unpark_race_view,
    NULL,
};
