#include "ui/view.h"

const UnparkView *const unpark_views[] = {
    NULL,
};
