#include "ui/view.h"

#include "ui/timeline-view.h"

const UnparkView *const unpark_views[] = {
    &unpark_timeline_view,
    NULL,
};
