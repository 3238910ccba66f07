#include "importers/gotrace/wire.h"

const guint8 gotrace_timed_args[256] = {
  [EV_PROCS_CHANGE] = 3,       [EV_PROC_START] = 3,
  [EV_PROC_STOP] = 1,          [EV_PROC_STEAL] = 4,
  [EV_PROC_STATUS] = 3,        [EV_GO_CREATE] = 4,
  [EV_GO_CREATE_SYSCALL] = 2,  [EV_GO_START] = 3,
  [EV_GO_DESTROY] = 1,         [EV_GO_DESTROY_SYSCALL] = 1,
  [EV_GO_STOP] = 3,            [EV_GO_BLOCK] = 3,
  [EV_GO_UNBLOCK] = 4,         [EV_GO_SYSCALL_BEGIN] = 3,
  [EV_GO_SYSCALL_END] = 1,     [EV_GO_SYSCALL_END_BLOCKED] = 1,
  [EV_GO_STATUS] = 4,          [EV_STW_BEGIN] = 3,
  [EV_STW_END] = 1,            [EV_GC_ACTIVE] = 2,
  [EV_GC_BEGIN] = 3,           [EV_GC_END] = 2,
  [EV_GC_SWEEP_ACTIVE] = 2,    [EV_GC_SWEEP_BEGIN] = 2,
  [EV_GC_SWEEP_END] = 3,       [EV_GC_MARK_ASSIST_ACTIVE] = 2,
  [EV_GC_MARK_ASSIST_BEGIN] = 2, [EV_GC_MARK_ASSIST_END] = 1,
  [EV_HEAP_ALLOC] = 2,         [EV_HEAP_GOAL] = 2,
  [EV_GO_LABEL] = 2,           [EV_USER_TASK_BEGIN] = 5,
  [EV_USER_TASK_END] = 3,      [EV_USER_REGION_BEGIN] = 4,
  [EV_USER_REGION_END] = 4,    [EV_USER_LOG] = 5,
  [EV_GO_SWITCH] = 3,          [EV_GO_SWITCH_DESTROY] = 3,
  [EV_GO_CREATE_BLOCKED] = 4,  [EV_GO_STATUS_STACK] = 5,
  /* span, span alloc, span free, object, object alloc, object free, stack, alloc, free */
  [128] = 4, [129] = 4, [130] = 2, [131] = 3, [132] = 3, [133] = 2, [134] = 3, [135] = 3,
  [136] = 2,
};

const char *
gotrace_event_name(guint8 type)
{
  static const char *const names[] = {
    "none", "batch", "stacks", "stack", "strings", "string", "CPU samples", "CPU sample",
    "frequency", "ProcsChange", "ProcStart", "ProcStop", "ProcSteal", "ProcStatus", "GoCreate",
    "GoCreateSyscall", "GoStart", "GoDestroy", "GoDestroySyscall", "GoStop", "GoBlock", "GoUnblock",
    "GoSyscallBegin", "GoSyscallEnd", "GoSyscallEndBlocked", "GoStatus", "STWBegin", "STWEnd",
    "GCActive", "GCBegin", "GCEnd", "GCSweepActive", "GCSweepBegin", "GCSweepEnd",
    "GCMarkAssistActive", "GCMarkAssistBegin", "GCMarkAssistEnd", "HeapAlloc", "HeapGoal",
    "GoLabel", "UserTaskBegin", "UserTaskEnd", "UserRegionBegin", "UserRegionEnd", "UserLog",
    "GoSwitch", "GoSwitchDestroy", "GoCreateBlocked", "GoStatusStack", "experimental batch",
    "sync", "clock snapshot", "end of generation"
  };
  if (type < G_N_ELEMENTS(names))
    return names[type];
  return gotrace_timed_args[type] ? "alloc/free" : "";
}
