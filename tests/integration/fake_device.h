// A camera on a local device that is none: registered under the name of GStreamer's source for devices, it sends moving
// pictures in H.264. Thread: once, before use.
#pragma once

namespace lynceus::test {

/// False where nothing here encodes H.264.
bool register_fake_device();

}  // namespace lynceus::test
