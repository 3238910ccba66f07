#include "model/base/error.h"

G_DEFINE_QUARK(unpark - error - quark, unpark_error)
