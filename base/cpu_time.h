// CPU time of the calling thread, for telling what a stage costs: about 0.5 µs a reading. Thread: any.
#pragma once

namespace lynceus {

double thread_cpu_seconds();

}  // namespace lynceus
