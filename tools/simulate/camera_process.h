// One simulated camera, alone in its process: told what to be on stdin, tells on stdout what it is.
//
// First line in: `ADDRESS PORT SPEC`. Then commands, each answered by one line:
//   FAULT NAME[:VALUE] SECONDS    `ok fault NAME` once it acts (its clip may have to be rendered first); 0: until END
//   END                           `ok end`: no fault any more
//   SENT                          `sent FRAMES CLIENTS SERVED`: access units handed out, clients now, clients ever
// (Lower case will do.) Out at first: `ready PORT`. Ends with its input. Thread: the process's main thread.
#pragma once

namespace lynceus::tools {

int run_camera_process(int in, int out);

}  // namespace lynceus::tools
