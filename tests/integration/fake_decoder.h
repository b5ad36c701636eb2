// A hardware decoder that is none: registered under the name of NVIDIA's for H.264, it does what the test says. Until
// it is told otherwise its device does not open, so that nobody else in the process takes it for real. Thread: set
// before use.
#pragma once

namespace lynceus::test {

enum class FakeDecoder {
  absent,      ///< its device does not open
  works,       ///< grey pictures of brightness 77
  breaks,      ///< an error at the tenth picture
  refuses,     ///< does not take the format
  swallows,    ///< takes pictures in and gives none
  unlinkable,  ///< nothing can be linked to it
};

/// False where a real one has the name.
bool register_fake_decoder();
void set_fake_decoder(FakeDecoder mode);

/// `absent` again at its end.
struct FakeDecoderMode {
  explicit FakeDecoderMode(FakeDecoder mode) { set_fake_decoder(mode); }
  ~FakeDecoderMode() { set_fake_decoder(FakeDecoder::absent); }
  FakeDecoderMode(const FakeDecoderMode&) = delete;
  FakeDecoderMode& operator=(const FakeDecoderMode&) = delete;
};

}  // namespace lynceus::test
