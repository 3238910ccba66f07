/* SQL over the open file: the view and its descriptor. */
#pragma once

#include "ui/view.h"

extern const UnparkView unpark_sql_view;
