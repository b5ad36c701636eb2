// Looks at every answer of an RTSP server before rtspsrc acts on it.
//
// rtspsrc walks the parameters of a Digest challenge without asking whether there are any: `WWW-Authenticate: Digest`
// alone ends the process. A challenge that could not be answered anyway is taken out of the answer, so that the camera
// is simply one that refuses us. GStreamer reads some MIKEY keys (of SRTP, which we do not speak) in a loop that never
// ends, a thread at full load for ever: keys are hidden from it. The guard comes in as an extension element, the way
// rtspsrc has for quirks of servers.
#pragma once

namespace lynceus::ingest {

/// Once, before the first rtspsrc is made: it collects its extensions then. Thread: any; idempotent.
void guard_rtsp_answers();

}  // namespace lynceus::ingest
